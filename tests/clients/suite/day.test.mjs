// A day of a trader's life through ccxt, each sum checked to the last unit.
import test, { before } from 'node:test';
import assert from 'node:assert/strict';
import { rest } from '../lib/ccxt.mjs';
import { e8, sum } from '../lib/exact.mjs';
import { admin, hold, newAccount, until } from '../lib/server.mjs';

const BTC = 'BTC/USDT:USDT';
let account;
let client;

async function wallet () {
    const [ usdt ] = (await client.fapiPrivateV3GetBalance ()).filter ((b) => b.asset === 'USDT');
    return e8 (usdt.balance);
}

async function income () {
    const rows = await client.fapiPrivateGetIncome ({ limit: 1000 });
    return sum (rows.filter ((r) => r.asset === 'USDT').map ((r) => e8 (r.income)));
}

before (async () => {
    await hold ('BTCUSDT', '50000');
    account = await newAccount ('day', '10000');
    client = rest (account);
    await client.loadMarkets ();
});

test ('settings: leverage, margin mode, position mode', async () => {
    assert.equal ((await client.setLeverage (20, BTC)).leverage, '20' * 1);
    const leverages = await client.fetchLeverages ([ BTC ]);
    assert.equal (leverages[BTC].longLeverage, 20);
    await client.setMarginMode ('isolated', BTC);
    assert.equal ((await client.fetchMarginModes ([ BTC ]))[BTC].marginMode, 'isolated');
    await client.setMarginMode ('cross', BTC);
    assert.equal ((await client.fetchPositionMode (BTC)).hedged, false);
    await client.setPositionMode (true);
    assert.equal ((await client.fetchPositionMode (BTC)).hedged, true);
    await client.setPositionMode (false);
    const fee = await client.fetchTradingFee (BTC);
    assert.ok (fee.taker > fee.maker);
});

test ('a limit order rests, is seen everywhere, is edited and cancelled', async () => {
    const order = await client.createOrder (BTC, 'limit', 'buy', 0.01, 45000);
    assert.equal (order.status, 'open');
    assert.equal (order.filled, 0);
    assert.ok (order.clientOrderId);
    assert.equal ((await client.fetchOrder (order.id, BTC)).price, 45000);
    assert.equal ((await client.fetchOpenOrder (order.id, BTC)).id, order.id);
    assert.deepEqual ((await client.fetchOpenOrders (BTC)).map ((o) => o.id), [ order.id ]);
    assert.equal ((await client.fetchOpenOrders ()).length, 1);
    const before = await client.fetchBalance ();
    assert.ok (before.USDT.free < before.USDT.total);
    const edited = await client.editOrder (order.id, BTC, 'limit', 'buy', 0.02, 45500);
    assert.equal (edited.id, order.id);
    assert.equal (edited.amount, 0.02);
    assert.equal (edited.price, 45500);
    const cancelled = await client.cancelOrder (order.id, BTC);
    assert.equal (cancelled.status, 'canceled');
    assert.equal ((await client.fetchOpenOrders (BTC)).length, 0);
    assert.equal ((await client.fetchOrder (order.id, BTC)).status, 'canceled');
    assert.ok ((await client.fetchCanceledOrders (BTC)).some ((o) => o.id === order.id));
    const after = await client.fetchBalance ();
    assert.equal (after.USDT.free, after.USDT.total);
});

test ('a market order fills; order, trades, position and balance tell one story', async () => {
    const start = await wallet ();
    const order = await client.createOrder (BTC, 'market', 'buy', 0.1);
    assert.equal (order.status, 'closed');
    assert.equal (order.filled, 0.1);
    assert.ok (order.average > 49000 && order.average < 51000);
    const trades = (await client.fetchMyTrades (BTC)).filter ((t) => t.order === order.id);
    assert.ok (trades.length >= 1);
    assert.equal (sum (trades.map ((t) => e8 (t.info.qty))), e8 ('0.1'));
    const fees = sum (trades.map ((t) => e8 (t.info.commission)));
    assert.ok (fees > 0n);
    assert.equal (await wallet (), start - fees);
    const [ position ] = await client.fetchPositions ([ BTC ]);
    assert.equal (position.side, 'long');
    assert.equal (position.contracts, 0.1);
    assert.equal (position.marginMode, 'cross');
    assert.ok (position.liquidationPrice === undefined || position.liquidationPrice < 50000);
    assert.ok (Math.abs (position.entryPrice - order.average) < 0.01);
    assert.ok ((await client.fetchClosedOrders (BTC)).some ((o) => o.id === order.id));
    assert.equal ((await client.fetchPositionsRisk ([ BTC ])).length, 1);
});

test ('stop and take-profit orders protect it, one triggers, the position is gone', async () => {
    const stop = await client.createOrder (BTC, 'STOP_MARKET', 'sell', 0.1, undefined, { stopPrice: 49500, reduceOnly: true, workingType: 'MARK_PRICE' });
    const take = await client.createOrder (BTC, 'TAKE_PROFIT_MARKET', 'sell', undefined, undefined, { stopPrice: 55000, closePosition: true, workingType: 'MARK_PRICE' });
    const open = await client.fetchOpenOrders (BTC, undefined, undefined, { trigger: true });
    assert.deepEqual (open.map ((o) => o.id).sort (), [ stop.id, take.id ].sort ());
    await hold ('BTCUSDT', '49000');
    await until (async () => (await client.fetchPositions ([ BTC ])).length === 0, 'the stop');
    const done = await client.fetchOrder (stop.id, BTC, { trigger: true });
    assert.equal (done.status, 'closed');
    await client.cancelOrder (take.id, BTC, { trigger: true });
    assert.equal ((await client.fetchOpenOrders (BTC, undefined, undefined, { trigger: true })).length, 0);
    await hold ('BTCUSDT', '50000');
});

test ('isolated: margin is added and taken, and told', async () => {
    await client.setMarginMode ('isolated', BTC);
    await client.createOrder (BTC, 'market', 'sell', 0.05);
    const [ before ] = await client.fetchPositions ([ BTC ]);
    assert.equal (before.marginMode, 'isolated');
    assert.equal (before.side, 'short');
    await client.addMargin (BTC, 50);
    await client.reduceMargin (BTC, 20);
    const [ after ] = await client.fetchPositions ([ BTC ]);
    assert.equal (e8 (after.info.isolatedWallet) - e8 (before.info.isolatedWallet), e8 ('30'));
    const moves = await client.fetchMarginAdjustmentHistory (BTC);
    assert.equal (moves.length, 2);
    await client.createOrder (BTC, 'market', 'buy', 0.05, undefined, { reduceOnly: true });
    assert.equal ((await client.fetchPositions ([ BTC ])).length, 0);
    await client.setMarginMode ('cross', BTC);
});

test ('funding is settled and shows in the ledger', async () => {
    await client.createOrder (BTC, 'market', 'buy', 0.1);
    const start = await wallet ();
    await admin ('POST', '/markets/BTCUSDT/funding', { rate: '0.001' });
    const [ row ] = await until (async () => {
        const rows = await client.fapiPrivateGetIncome ({ incomeType: 'FUNDING_FEE' });
        return rows.length > 0 && rows;
    }, 'the funding payment');
    assert.ok (e8 (row.income) < 0n);
    assert.equal (await wallet (), start + e8 (row.income));
    assert.equal ((await client.fetchFundingHistory (BTC)).length, 1);
    await client.createOrder (BTC, 'market', 'sell', 0.1, undefined, { reduceOnly: true });
});

test ('several orders at once, with partial failure', async () => {
    const made = await client.createOrders ([
        { symbol: BTC, type: 'limit', side: 'buy', amount: 0.01, price: 44000 },
        { symbol: BTC, type: 'limit', side: 'buy', amount: 0.01, price: 43000 },
    ]);
    assert.deepEqual (made.map ((o) => o.status), [ 'open', 'open' ]);
    const mixed = await client.fapiPrivatePostBatchOrders ({ batchOrders: [
        { symbol: 'BTCUSDT', type: 'LIMIT', side: 'BUY', quantity: '0.01', price: '42000', timeInForce: 'GTC' },
        { symbol: 'BTCUSDT', type: 'LIMIT', side: 'BUY', quantity: '0.01', price: '42000.001', timeInForce: 'GTC' },
    ] });
    assert.equal (mixed[0].status, 'NEW');
    assert.equal (typeof mixed[1].code, 'number');
    await client.cancelOrders (made.map ((o) => o.id), BTC);
    await client.cancelAllOrders (BTC);
    assert.equal ((await client.fetchOpenOrders (BTC)).length, 0);
});

test ('the day adds up: wallet = deposit + income, nothing else', async () => {
    assert.equal (await wallet (), e8 ('10000') + await income () - (await deposits ()));
    const ledger = await client.fetchLedger ('USDT');
    assert.ok (ledger.length > 3);
    const total = await client.fetchBalance ();
    assert.equal (total.USDT.used, 0);
});

// The opening deposit is a TRANSFER in the income list; it is counted once.
async function deposits () {
    const rows = await client.fapiPrivateGetIncome ({ incomeType: 'TRANSFER', limit: 1000 });
    return sum (rows.map ((r) => e8 (r.income)));
}
