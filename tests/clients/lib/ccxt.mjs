import ccxt from 'ccxt';
import { base, wsBase } from './server.mjs';

// Unmodified ccxt: only the addresses change.
export const urls = {
    api: {
        fapiPublic: `${base}/fapi/v1`,
        fapiPublicV2: `${base}/fapi/v2`,
        fapiPublicV3: `${base}/fapi/v3`,
        fapiPrivate: `${base}/fapi/v1`,
        fapiPrivateV2: `${base}/fapi/v2`,
        fapiPrivateV3: `${base}/fapi/v3`,
        fapiData: `${base}/futures/data`,
        sapi: `${base}/sapi/v1`,
        ws: { future: `${wsBase}/ws`, 'ws-api': { future: `${wsBase}/ws-fapi/v1` } },
    },
};

export function rest (account, more = {}) {
    return new ccxt.binanceusdm ({ apiKey: account?.key, secret: account?.secret, urls, enableRateLimit: false, options: { fetchOpenOrders: { warnWithoutSymbol: false } }, ...more });
}

// ccxt refuses plain ws:// addresses until its proxy agents are loaded, whether or not there is a proxy.
export async function pro (account, more = {}) {
    const client = new ccxt.pro.binanceusdm ({ apiKey: account?.key, secret: account?.secret, urls, enableRateLimit: false, options: { fetchOpenOrders: { warnWithoutSymbol: false } }, ...more });
    await client.loadHttpProxyAgent ();
    return client;
}

export { ccxt };
