// Optional: what stands after the # of the QR code goes into the form, and the form is sent. No server sees the address.
"use strict";
(function () {
  var form = document.getElementById("code-form"), code = location.hash.slice(1);
  if (!form || !/^[0-9A-Za-z-]{12,20}$/.test(code)) return;
  history.replaceState(null, "", location.pathname); // nor does the history of the browser keep it
  form.elements.code.value = code;
  form.requestSubmit();
})();
