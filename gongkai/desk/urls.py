urlpatterns: list[object] = []
app_name = "desk"
