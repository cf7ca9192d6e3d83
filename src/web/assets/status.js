// Keeps a status page fresh: asks for the page again and changes what differs, in place, so that
// scroll, focus and what is being typed stay. Without it the page is complete all the same.
(() => {
  const INTERVAL = 5000;
  const PATIENCE = 20_000;
  const TYPING = 250;

  const toggle = document.getElementById('refresh-toggle');
  const state = document.getElementById('refresh-state');
  let isPaused = false;
  let timer;
  let asking;

  async function refresh() {
    clearTimeout(timer);
    asking?.abort();
    const mine = new AbortController();
    asking = mine;
    const impatience = setTimeout(() => mine.abort('timeout'), PATIENCE);
    try {
      const response = await fetch(location.href, { cache: 'no-store', signal: mine.signal });
      const isPage = response.headers.get('content-type')?.startsWith('text/html');
      // An instance that is gone has a page that says so.
      if (!isPage || !(response.ok || response.status === 404)) {
        throw new Error(`HTTP ${response.status}`);
      }
      const text = await response.text();
      if (mine !== asking) return;
      show(new DOMParser().parseFromString(text, 'text/html'));
      say('');
    } catch {
      // Another request has taken the place of this one.
      if (mine !== asking) return;
      say('Cannot refresh: the exporter does not answer. Trying again.');
    } finally {
      clearTimeout(impatience);
    }
    schedule();
  }

  function schedule() {
    clearTimeout(timer);
    if (!isPaused && !document.hidden) timer = setTimeout(refresh, INTERVAL);
  }

  function say(text) {
    // A live region is read out when it changes, so only then.
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

  /** The address that a form asks for, without what says nothing. */
  function addressOf(form) {
    const address = new URL(location.href);
    address.search = new URLSearchParams(
      [...new FormData(form)].filter(([name, value]) => value !== '' && value !== DEFAULTS[name]),
    );
    return address;
  }
  const DEFAULTS = { show: 'all' };

  let typing;
  function search(form, delay) {
    clearTimeout(typing);
    typing = setTimeout(() => {
      history.replaceState(null, '', addressOf(form));
      refresh();
    }, delay);
  }

  // On the document: a form may be put there anew.
  document.addEventListener('input', ({ target }) => {
    const form = target.closest('form[data-live]');
    if (form) search(form, TYPING);
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
      asking?.abort();
      asking = undefined;
    } else refresh();
  });
  document.addEventListener('visibilitychange', () => {
    if (document.hidden) clearTimeout(timer);
    else if (!isPaused) refresh();
  });
  schedule();
})();
