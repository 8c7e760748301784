/**
 * The server's policy says `require-trusted-types-for 'script'`: addresses of scripts must have been looked at. This is the only place that does:
 * our own files pass, nothing else does. Markup from text passes nowhere. Imported first by every entry.
 */
interface Policies {
  createPolicy(name: string, rules: { createScriptURL: (url: string) => string }): unknown;
}

const policies = (globalThis as { trustedTypes?: Policies }).trustedTypes;

policies?.createPolicy('default', {
  createScriptURL(url) {
    if (new URL(url, location.href).origin !== location.origin) throw new TypeError('A script from elsewhere was refused.');
    return url;
  },
});
