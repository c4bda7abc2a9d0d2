// Runs before the first paint, so that neither colours nor columns change under the reader's eyes.
(() => {
  const root = document.documentElement;
  root.classList.add('has-script');
  try {
    const scheme = localStorage.getItem('appearance');
    if (scheme === 'light' || scheme === 'dark') root.dataset.appearance = scheme;
    const split = Number(localStorage.getItem('split'));
    if (30 <= split && split <= 70) root.style.setProperty('--split', `${split}%`);
  } catch {
    // Storage is switched off: the defaults do.
  }
})();
