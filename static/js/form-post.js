"use strict";

// Sends the answer on to the application (OAuth 2.0 Form Post Response Mode); without scripts the page's button does.
// Not for who came back to this page: the application has had its answer. Sent while the page is still being read, so
// that the application takes this page's place in the history and going back leads to what was before it.
const [visit] = performance.getEntriesByType("navigation");
if (!visit || visit.type !== "back_forward") {
  document.getElementById("answer").submit();
}
