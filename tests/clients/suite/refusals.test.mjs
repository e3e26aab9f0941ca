// Each refusal as ccxt's own exception class: on this address, and as it would be on Binance's (ccxt chooses its table by host name).
import test, { before } from 'node:test';
import assert from 'node:assert/strict';
import { ccxt, rest } from '../lib/ccxt.mjs';
import { admin, base, hold, house, newAccount } from '../lib/server.mjs';

const SOL = 'SOLUSDT';
let account;
let client;
let other;

async function refused (call, code, here, there, from = client) {
    let error;
    await assert.rejects (call (), (e) => {
        error = e;
        return e instanceof ccxt.BaseError;
    });
    const body = JSON.parse (from.last_http_response);
    assert.equal (body.code, code, error.message);
    assert.equal (error.constructor.name, here, error.message);
    let production;
    try {
        from.handleErrors (400, 'Bad Request', 'https://fapi.binance.com/fapi/v1/order', 'POST', {}, JSON.stringify (body), body, {}, '');
    } catch (e) {
        production = e;
    }
    assert.equal (production?.constructor.name, there, error.message);
}

const order = (more) => ({ symbol: SOL, side: 'BUY', type: 'LIMIT', quantity: '1', price: '100', timeInForce: 'GTC', ...more });
const place = (more, from = client) => () => from.fapiPrivatePostOrder (order (more));
const without = (key) => {
    const all = order ({});
    delete all[key];
    return () => client.fapiPrivatePostOrder (all);
};

before (async () => {
    await hold (SOL, '100');
    await house (SOL, false);
    account = await newAccount ('refusals', '1000');
    client = rest (account);
    other = rest (await newAccount ('the other side', '100000'));
    await client.loadMarkets ();
    await client.fapiPrivatePostLeverage ({ symbol: SOL, leverage: 10 });
});

test ('parameters', async () => {
    await refused (without ('symbol'), -1102, 'BadRequest', 'BadRequest');
    await refused (without ('side'), -1102, 'BadRequest', 'BadRequest');
    await refused (without ('quantity'), -1102, 'BadRequest', 'BadRequest');
    await refused (without ('price'), -1102, 'BadRequest', 'BadRequest');
    await refused (place ({ symbol: 'NOPEUSDT' }), -1121, 'BadSymbol', 'BadSymbol');
    await refused (place ({ side: 'HOLD' }), -1117, 'BadRequest', 'BadRequest');
    await refused (place ({ type: 'ICEBERG' }), -1116, 'BadRequest', 'BadRequest');
    await refused (place ({ timeInForce: 'GTD2' }), -1115, 'BadRequest', 'BadRequest');
    await refused (place ({ newClientOrderId: 'no spaces please' }), -4015, 'BadRequest', 'BadRequest');
    await refused (() => client.fapiPublicGetKlines ({ symbol: SOL, interval: '7m' }), -1120, 'BadRequest', 'BadRequest');
    await refused (() => client.fapiPublicGetDepth ({ symbol: SOL, limit: 7 }), -4021, 'BadRequest', 'BadRequest');
});

test ('filters', async () => {
    await refused (place ({ price: '0' }), -4001, 'BadRequest', 'BadRequest');
    await refused (place ({ quantity: '0' }), -4003, 'BadRequest', 'BadRequest');
    await refused (place ({ price: '100.00001' }), -1111, 'BadRequest', 'BadRequest');
    await refused (place ({ quantity: '1.0000001' }), -1111, 'BadRequest', 'BadRequest');
    await refused (place ({ quantity: '99999999' }), -4005, 'BadRequest', 'BadRequest');
    await refused (place ({ price: '200' }), -4016, 'BadRequest', 'BadRequest');
    await refused (place ({ side: 'SELL', price: '50' }), -4024, 'BadRequest', 'BadRequest');
    await refused (place ({ quantity: '0.01', price: '99' }), -4164, 'ExchangeError', 'InvalidOrder');
});

test ('margin, post-only, fill-or-kill, reduce-only, triggers', async () => {
    await refused (place ({ quantity: '500' }), -2019, 'ExchangeError', 'InsufficientFunds');
    await refused (place ({ timeInForce: 'FOK' }), -5021, 'InvalidOrder', 'OrderNotFillable');
    await other.fapiPrivatePostOrder (order ({ side: 'SELL', price: '101' }));
    await refused (place ({ price: '101', timeInForce: 'GTX' }), -5022, 'InvalidOrder', 'OrderNotFillable');
    await refused (place ({ reduceOnly: 'true' }), -2022, 'ExchangeError', 'InvalidOrder');
    const stop = { type: 'STOP_MARKET', symbol: SOL, side: 'BUY', algoType: 'CONDITIONAL', quantity: '1', triggerPrice: '90', workingType: 'MARK_PRICE' };
    await refused (() => client.fapiPrivatePostAlgoOrder (stop), -2021, 'ExchangeError', 'OrderImmediatelyFillable');
    await other.fapiPrivateDeleteAllOpenOrders ({ symbol: SOL });
});

test ('orders that are not there, names taken twice', async () => {
    await refused (() => client.fapiPrivateDeleteOrder ({ symbol: SOL, orderId: 999999 }), -2011, 'OrderNotFound', 'OrderNotFound');
    await refused (() => client.fapiPrivateGetOrder ({ symbol: SOL, orderId: 999999 }), -2013, 'OrderNotFound', 'OrderNotFound');
    await client.fapiPrivatePostOrder (order ({ price: '90', newClientOrderId: 'twice' }));
    await refused (place ({ price: '90', newClientOrderId: 'twice' }), -4116, 'ExchangeError', 'InvalidOrder');
    await client.fapiPrivateDeleteAllOpenOrders ({ symbol: SOL });
});

test ('settings', async () => {
    await refused (() => client.fapiPrivatePostMarginType ({ symbol: SOL, marginType: 'CROSSED' }), -4046, 'MarginModeAlreadySet', 'MarginModeAlreadySet');
    await refused (() => client.fapiPrivatePostLeverage ({ symbol: SOL, leverage: 0 }), -4028, 'BadRequest', 'BadRequest');
    await refused (() => client.fapiPrivatePostPositionSideDual ({ dualSidePosition: 'false' }), -4059, 'OperationRejected', 'OperationRejected');
    await refused (place ({ positionSide: 'LONG' }), -4061, 'OperationRejected', 'OperationRejected');
    await client.fapiPrivatePostOrder (order ({ price: '90' }));
    await refused (() => client.fapiPrivatePostMarginType ({ symbol: SOL, marginType: 'ISOLATED' }), -4047, 'OperationRejected', 'OperationRejected');
    await refused (() => client.fapiPrivatePostPositionSideDual ({ dualSidePosition: 'true' }), -4067, 'OperationRejected', 'OperationRejected');
    await client.fapiPrivateDeleteAllOpenOrders ({ symbol: SOL });
    await refused (() => client.fapiPrivatePostPositionMargin ({ symbol: SOL, amount: '1', type: 1 }), -4054, 'OperationRejected', 'OperationRejected');
});

test ('keys, signatures, clocks', async () => {
    const wrongSecret = rest ({ ...account, secret: 'x'.repeat (64) });
    await refused (() => wrongSecret.fapiPrivateV3GetAccount (), -1022, 'AuthenticationError', 'AuthenticationError', wrongSecret);
    const wrongKey = rest ({ ...account, key: 'y'.repeat (64) });
    await refused (() => wrongKey.fapiPrivateV3GetAccount (), -2015, 'AuthenticationError', 'AuthenticationError', wrongKey);
    const late = rest (account);
    late.nonce = () => Date.now () - 120000;
    await refused (() => late.fapiPrivateV3GetAccount (), -1021, 'InvalidNonce', 'InvalidNonce', late);
    const early = rest (account);
    early.nonce = () => Date.now () + 60000;
    await refused (() => early.fapiPrivateV3GetAccount (), -1021, 'InvalidNonce', 'InvalidNonce', early);
});

test ('a key of narrow scope trades nothing; a frozen account opens nothing', async () => {
    const narrow = await admin ('POST', `/accounts/${account.number}/keys`, { label: 'read only', scopes: [ 'read' ] });
    const reader = rest ({ key: narrow.apiKey, secret: narrow.secret });
    await reader.fapiPrivateV3GetAccount ();
    await refused (place ({ price: '90' }, reader), -2015, 'AuthenticationError', 'AuthenticationError', reader);
    await admin ('POST', `/accounts/${account.number}/freeze`);
    await assert.rejects (client.fapiPrivatePostOrder (order ({ price: '90' })), (e) => e instanceof ccxt.ExchangeError);
    await admin ('POST', `/accounts/${account.number}/unfreeze`);
    await client.fapiPrivatePostOrder (order ({ price: '90' }));
    await client.fapiPrivateDeleteAllOpenOrders ({ symbol: SOL });
});

test ('what is not there says so and is no success', async () => {
    const response = await fetch (`${base}/fapi/v1/noSuchThing`);
    assert.equal (response.status, 404);
    const body = await response.json ();
    assert.ok (body.code < 0);
    assert.match (body.msg, /noSuchThing/);
});
