"use strict";
// The page that is waited for is this very address: once it is another page, it is shown.
const look = async () => {
  const answer = await fetch(location.href);
  if (!(await answer.text()).includes("<progress")) location.reload();
};
setInterval(look, 1000);
