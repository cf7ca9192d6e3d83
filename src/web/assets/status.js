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
      announce(state.dataset.failed);
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
    writeTimes(page);
    update(document.getElementById('as-of'), page.getElementById('as-of'));
    update(document.getElementById('languages'), page.getElementById('languages'));
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

  // Times. The server writes them in UTC; this writes them in the time zone of the browser or, if the person
  // prefers it, in UTC.

  const ZONE_KEY = 'sag-app-exporter.time-zone';
  const zoneToggle = document.getElementById('zone-toggle');
  let isUtc = storedZone() === 'UTC';

  /** The preference; null when there is none, and where the browser forbids storage. */
  function storedZone() {
    try {
      return localStorage.getItem(ZONE_KEY);
    } catch {
      return null;
    }
  }

  function storeZone() {
    try {
      if (isUtc) localStorage.setItem(ZONE_KEY, 'UTC');
      else localStorage.removeItem(ZONE_KEY);
    } catch {
      // The preference lasts as long as the page.
    }
  }

  /** How the parts of a time are written for each `data-form`; `today` is the date of the page. */
  const FORMS = {
    second: ({ hour, minute, second }) => `${hour}:${minute}:${second}`,
    minute: (parts) => `${dateOf(parts)} ${clockOf(parts)}`,
    short: (parts, today) =>
      dateOf(parts) === today ? clockOf(parts) : `${dateOf(parts)} ${clockOf(parts)}`,
    day: (parts, today) => (dateOf(parts) === today ? clockOf(parts) : dateOf(parts)),
    date: (parts) => dateOf(parts),
  };

  const dateOf = ({ year, month, day }) => `${year}-${month}-${day}`;
  const clockOf = ({ hour, minute }) => `${hour}:${minute}`;

  function formatIn(timeZone) {
    const twoDigits = Object.fromEntries(
      ['month', 'day', 'hour', 'minute', 'second'].map((part) => [part, '2-digit']),
    );
    const options = { year: 'numeric', ...twoDigits, timeZoneName: 'longOffset' };
    // Latin digits in ISO order, and UTC+08:00 instead of a name of the zone.
    return new Intl.DateTimeFormat('en', { ...options, hourCycle: 'h23', timeZone });
  }

  const UTC = formatIn('UTC');
  const LOCAL = formatIn(undefined);

  function partsOf(isoTime) {
    const parts = (isUtc ? UTC : LOCAL).formatToParts(new Date(isoTime));
    return Object.fromEntries(parts.map(({ type, value }) => [type, value]));
  }

  const offsetOf = ({ timeZoneName }) => (isUtc ? 'UTC' : timeZoneName.replace('GMT', 'UTC'));

  function writeTimes(page) {
    const asOf = page.getElementById('as-of');
    if (!asOf) return;
    const now = partsOf(asOf.dateTime);
    const today = dateOf(now);
    for (const time of page.querySelectorAll('time[datetime]')) {
      const parts = partsOf(time.dateTime);
      const form = FORMS[time.dataset.form];
      if (form) time.textContent = form(parts, today);
      // Near a change to summer time, a time may have another offset than the page.
      time.title = `${FORMS.minute(parts)} ${offsetOf(parts)}`;
    }
    document.getElementById('zone').textContent = offsetOf(now);
  }

  function showZone() {
    writeTimes(document);
    zoneToggle.textContent = isUtc ? zoneToggle.dataset.local : zoneToggle.dataset.utc;
  }

  // In a browser whose time zone is UTC there is nothing to choose.
  zoneToggle.hidden = LOCAL.resolvedOptions().timeZone === 'UTC';
  zoneToggle.addEventListener('click', () => {
    isUtc = !isUtc;
    storeZone();
    showZone();
  });
  showZone();

  toggle.hidden = false;
  toggle.addEventListener('click', () => {
    isPaused = !isPaused;
    toggle.textContent = isPaused ? toggle.dataset.resume : toggle.dataset.pause;
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
