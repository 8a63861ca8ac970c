// What a browser sees behind redirect_uri. No credentials: these pages are for people, not for Databricks.

const TITLES = {
  create_trial: 'Start your trial', sign_in: 'Welcome back', purchase_product: 'Your trial has ended',
  contact_admin: 'Ask your administrator', login: 'Log in', privacy: 'Privacy', terms: 'Terms of service',
};

const html = (title, body) =>
  `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>${title}</title></head><body><h1>${title}</h1>${body}</body></html>`;

export const htmlReply = (status, title, body = '') =>
  ({ status, text: html(title, body), headers: { 'Content-Type': 'text/html; charset=utf-8' } });

export const redirectReply = (status, location, headers = {}) =>
  ({ status, text: '', headers: { Location: location, ...headers } });

/** The person presses the button: from now on the user has signed up by hand. */
function signUp(partner, session) {
  const user = partner.users.get(partner.userKey(session.email));
  if (user) user.signedUp = true;
  return redirectReply(303, '/portal/login');
}

export function portalPage(partner, request) {
  const kind = request.path.replace('/portal/', '');
  if (!request.path.startsWith('/portal/') || !(kind in TITLES)) return htmlReply(404, 'Page not found');
  const reference = request.query.get('session');
  const session = partner.sessions.get(reference);
  if (reference !== null && !session) return redirectReply(302, '/portal/login');
  if (request.method === 'POST' && session && kind === 'create_trial') return signUp(partner, session);
  if (request.method !== 'GET' && request.method !== 'HEAD') return htmlReply(405, 'Method not allowed');
  const form = kind === 'create_trial' ? '<form method="post"><button>Sign up</button></form>' : '';
  return htmlReply(200, TITLES[kind], form);
}
