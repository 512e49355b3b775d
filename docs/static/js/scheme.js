// Before anything is drawn, take the colours that the reader has chosen here before.
try {
  const chosen = localStorage.getItem("scheme");
  if (chosen) document.documentElement.dataset.scheme = chosen;
} catch { // a browser that keeps nothing: the system's colours
}
