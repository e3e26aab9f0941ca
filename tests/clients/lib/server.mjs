// The running server, as its operator sees it. CROSSMARGIN_URL and CROSSMARGIN_ADMIN_TOKEN name it.
export const base = process.env.CROSSMARGIN_URL ?? 'http://127.0.0.1:8080';
export const wsBase = base.replace(/^http/, 'ws');
const token = process.env.CROSSMARGIN_ADMIN_TOKEN ?? '';

export async function admin (method, path, body) {
    const response = await fetch (`${base}/admin/v1${path}`, {
        method,
        headers: { authorization: `Bearer ${token}`, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
        body: body === undefined ? undefined : JSON.stringify (body),
    });
    const text = await response.text ();
    if (!response.ok) throw new Error (`${method} ${path}: ${response.status} ${text}`);
    return text === '' ? undefined : JSON.parse (text);
}

// A new account with a deposit of the settlement asset and one key that may do everything.
export async function newAccount (name, deposit) {
    const made = await admin ('POST', '/accounts', { name, deposit });
    return { number: made.account.number, key: made.key.apiKey, secret: made.key.secret };
}

// The price of a market stays where it is put, so that what a test computes holds.
export async function hold (symbol, price) {
    await admin ('PUT', `/markets/${symbol}/price`, { kind: 'Hold', price });
    await until (async () => {
        const now = await publicGet ('/fapi/v1/premiumIndex', { symbol });
        return Number (now.indexPrice) === Number (price);
    }, `index of ${symbol} at ${price}`);
}

export async function house (symbol, enabled) {
    const market = await admin ('GET', `/markets/${symbol}`);
    await admin ('PUT', `/markets/${symbol}/house`, { ...market.house, enabled });
}

export async function publicGet (path, params = {}) {
    const query = new URLSearchParams (params).toString ();
    const response = await fetch (`${base}${path}${query ? '?' + query : ''}`);
    return await response.json ();
}

// Waits for a condition, bounded; says what it waited for when it does not come.
export async function until (condition, what, milliseconds = 20000) {
    const end = Date.now () + milliseconds;
    for (;;) {
        const value = await condition ();
        if (value) return value;
        if (Date.now () > end) throw new Error (`waited ${milliseconds} ms for ${what}`);
        await new Promise ((resolve) => { setTimeout (resolve, 20); });
    }
}
