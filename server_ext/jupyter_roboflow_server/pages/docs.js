// Shows openapi.json with Swagger UI. "Try it out" asks as whoever the browser is logged in as.
const page = globalThis.document;
const dark = globalThis.matchMedia('(prefers-color-scheme: dark)');

const followTheme = () => page.documentElement.classList.toggle('dark-mode', dark.matches);
dark.addEventListener('change', followTheme);
followTheme();

/** Jupyter's proof that a request with its cookie comes from one of its own pages. */
function xsrfToken() {
  const found = /(?:^|;\s*)_xsrf=([^;]*)/.exec(page.cookie);
  return found === null ? undefined : decodeURIComponent(found[1]).replace(/^"|"$/g, '');
}

globalThis.SwaggerUIBundle({
  url: 'openapi.json',
  dom_id: '#docs',
  deepLinking: true,
  docExpansion: 'list',
  validatorUrl: null,
  requestInterceptor(request) {
    if (new globalThis.URL(request.url, page.baseURI).origin !== globalThis.location.origin) {
      throw new Error('This page asks its own server alone.');
    }
    if (Object.keys(request.headers ?? {}).some((name) => name.toLowerCase() === 'authorization')) {
      request.credentials = 'omit'; // a token speaks for its user alone, whoever the browser is logged in as
      return request;
    }
    const token = xsrfToken();
    if (token !== undefined) {
      request.headers = { ...request.headers, 'X-XSRFToken': token };
    }
    return request;
  },
});
