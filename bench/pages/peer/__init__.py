"""A minimal Wagtail site with the same documents, for bench/pages.py: copied to a temporary folder and run there."""
