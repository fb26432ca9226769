// A page of staff beside the console leads back to it as soon as something new waits there for a person.
"use strict";
(() => {
  let known = document.body.dataset.known.split(" ");
  live.follow((marks) => {
    live.show(true);
    const calls = marks.split(" ").filter(Boolean);
    if (calls.some((mark) => !known.includes(mark))) location.replace("/");
    known = known.filter((mark) => calls.includes(mark)); // what comes again is new
  });
})();
