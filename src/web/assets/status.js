// Refreshes a status page: fetches it again and lets Idiomorph change the elements that differ, so that scroll
// position, focus and typed text stay. The page is complete without this script.
(() => {
  // In milliseconds.
  const INTERVAL = 5000;
  const TIMEOUT = 20_000;
  const SEARCH_DELAY = 250;

  const toggle = document.getElementById('refresh-toggle');
  const state = document.getElementById('refresh-state');
  let isPaused = false;
  let timer;
  /** The AbortController of the newest request. */
  let current;

  async function refresh() {
    clearTimeout(timer);
    current?.abort();
    const own = new AbortController();
    current = own;
    const timeout = setTimeout(() => own.abort('timeout'), TIMEOUT);
    try {
      const response = await fetch(location.href, { cache: 'no-store', signal: own.signal });
      const isPage = response.headers.get('content-type')?.startsWith('text/html');
      // These statuses have pages too: 400 for an invalid filter, 404 for an instance that does not exist.
      if (!isPage || !(response.ok || [400, 404].includes(response.status))) {
        throw new Error(`HTTP ${response.status}`);
      }
      const text = await response.text();
      if (own !== current) return;
      show(new DOMParser().parseFromString(text, 'text/html'));
      announce('');
    } catch {
      // A newer request has replaced this one.
      if (own !== current) return;
      announce('Cannot refresh: the exporter does not answer. Trying again.');
    } finally {
      clearTimeout(timeout);
    }
    schedule();
  }

  function schedule() {
    clearTimeout(timer);
    if (!isPaused && !document.hidden) timer = setTimeout(refresh, INTERVAL);
  }

  function announce(text) {
    // Screen readers read the text out whenever it is set.
    if (state.textContent !== text) state.textContent = text;
  }

  function show(page) {
    const focused = document.activeElement;
    document.title = page.title;
    update(document.getElementById('as-of'), page.getElementById('as-of'));
    update(document.querySelector('main'), page.querySelector('main'));
    // A browser without Element.moveBefore() takes the focus from an element that is moved.
    if (focused?.id && document.activeElement !== focused) {
      document.getElementById(focused.id)?.focus({ preventScroll: true });
    }
  }

  function update(element, newer) {
    if (newer) Idiomorph.morph(element, newer, { callbacks: { beforeAttributeUpdated } });
  }

  // The person may have changed the search form after the request for this page was sent.
  function beforeAttributeUpdated(name, element) {
    return !(name === 'selected' || (name === 'value' && element.type === 'search'));
  }

  /** The address that the form asks for, without empty and default values. */
  function addressOf(form) {
    const address = new URL(location.href);
    address.search = new URLSearchParams(
      [...new FormData(form)].filter(([name, value]) => value !== '' && value !== DEFAULTS[name]),
    );
    return address;
  }
  const DEFAULTS = { show: 'all' };

  let searchTimer;
  function search(form, delay) {
    clearTimeout(searchTimer);
    searchTimer = setTimeout(() => {
      history.replaceState(null, '', addressOf(form));
      refresh();
    }, delay);
  }

  // The listeners are on the document, because a refresh may replace the form.
  document.addEventListener('input', ({ target }) => {
    const form = target.closest('form[data-live]');
    if (form) search(form, SEARCH_DELAY);
  });
  document.addEventListener('submit', (event) => {
    if (!event.target.matches('form[data-live]')) return;
    event.preventDefault();
    search(event.target, 0);
  });

  toggle.hidden = false;
  toggle.addEventListener('click', () => {
    isPaused = !isPaused;
    toggle.textContent = isPaused ? 'Resume refreshing' : 'Pause refreshing';
    if (isPaused) {
      clearTimeout(timer);
      current?.abort();
      current = undefined;
    } else refresh();
  });
  document.addEventListener('visibilitychange', () => {
    if (document.hidden) clearTimeout(timer);
    else if (!isPaused) refresh();
  });
  schedule();
})();
