/** Search forms, headings and page links of both lists. */
export const lists = {
  show: 'Show',
  search: 'Search',
  unusedFor: 'Unused for',
  anyTime: 'any time',
  /** @param all the number of items without a filter */
  matching: (matching: string, all: string) => `${matching} (of ${all})`,
  range: (from: string, to: string, of: string) => `${from} to ${to} of ${of}`,
  first: 'First',
  previous: 'Previous',
  next: 'Next',
  last: 'Last',
  page: (page: string, pages: string) => `Page ${page} of ${pages}`,
};
