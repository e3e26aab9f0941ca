// ccxt pro: what the streams told agrees with what REST says when all is at rest.
import test, { after, before } from 'node:test';
import assert from 'node:assert/strict';
import { pro, rest } from '../lib/ccxt.mjs';
import { e8 } from '../lib/exact.mjs';
import { hold, newAccount, until } from '../lib/server.mjs';

const XRP = 'XRP/USDT:USDT';
let account;
let client;
let asker;
const watching = [];

// Keeps asking a watch method; the latest answer is in `value`, all are counted.
function watch (method, ...args) {
    const state = { value: undefined, count: 0, all: [], error: undefined, closed: false };
    const loop = async () => {
        while (!state.closed) {
            try {
                state.value = await client[method] (...args);
                state.count += 1;
                state.all.push (state.value);
            } catch (e) {
                if (!state.closed) state.error = e;
                return;
            }
        }
    };
    state.done = loop ();
    watching.push (state);
    return state;
}

before (async () => {
    await hold ('XRPUSDT', '0.5');
    account = await newAccount ('streams', '10000');
    client = await pro (account);
    asker = rest (account);
    await client.loadMarkets ();
    await asker.loadMarkets ();
});

after (async () => {
    for (const state of watching) state.closed = true;
    await client.close ();
});

test ('the order book that ccxt keeps from diffs is the one REST gives', async () => {
    const book = watch ('watchOrderBook', XRP);
    await until (() => book.count > 0, 'the first book');
    for (let i = 0; i < 5; i++) {
        await asker.createOrder (XRP, 'limit', 'buy', 100 + i, 0.45 + i / 1000);
        await asker.createOrder (XRP, 'limit', 'sell', 100 + i, 0.55 + i / 1000);
    }
    await asker.cancelAllOrders (XRP);
    await asker.createOrder (XRP, 'limit', 'buy', 321, 0.4567);
    await until (async () => {
        const now = await asker.fetchOrderBook (XRP, 1000);
        const flat = (side) => JSON.stringify (side.map (([ p, q ]) => [ p, q ]));
        return book.value.bids.some (([ p, q ]) => p === 0.4567 && q === 321)
            && flat (now.bids) === flat (book.value.bids.slice (0, now.bids.length))
            && flat (now.asks) === flat (book.value.asks.slice (0, now.asks.length));
    }, 'both books to be equal');
    assert.equal (book.error, undefined);
    await asker.cancelAllOrders (XRP);
});

test ('orders, fills, balance and positions arrive and agree with REST', async () => {
    const orders = watch ('watchOrders', XRP);
    const mine = watch ('watchMyTrades', XRP);
    const balance = watch ('watchBalance');
    const positions = watch ('watchPositions', [ XRP ]);
    await until (() => Object.keys (client.clients).some ((u) => u.includes ('private') || u.includes ('listenKey')), 'the user stream');
    const probe = await until (async () => {
        const resting = await asker.createOrder (XRP, 'limit', 'buy', 50, 0.4);
        await asker.cancelOrder (resting.id, XRP);
        await new Promise ((resolve) => { setTimeout (resolve, 50); });
        return orders.all.flat ().find ((o) => o.status === 'canceled');
    }, 'a first order event');
    assert.equal (probe.amount, 50);
    const filled = await asker.createOrder (XRP, 'market', 'buy', 1000);
    const told = await until (() => orders.all.flat ().find ((o) => o.id === filled.id && o.status === 'closed'), 'the fill of the order');
    assert.equal (told.filled, 1000);
    assert.equal (told.average, filled.average);
    const trades = await asker.fetchMyTrades (XRP);
    await until (() => {
        const seen = new Set (mine.all.flat ().map ((t) => t.id));
        return trades.every ((t) => seen.has (t.id));
    }, 'every trade on the stream');
    const [ usdt ] = (await asker.fapiPrivateV3GetBalance ()).filter ((b) => b.asset === 'USDT');
    await until (() => balance.value && e8 (balance.value.USDT.total) === e8 (Number (usdt.balance)), 'the balance on the stream');
    const [ held ] = await asker.fetchPositions ([ XRP ]);
    await until (() => (positions.all.flat ().find ((p) => p.contracts === held.contracts && p.side === 'long')), 'the position on the stream');
    await asker.createOrder (XRP, 'market', 'sell', 1000, undefined, { reduceOnly: true });
    await until (() => positions.all.flat ().at (-1)?.contracts === 0, 'the closed position');
    for (const state of [ orders, mine, balance, positions ]) assert.equal (state.error, undefined);
});

test ('prices: trades, candles, tickers, mark prices', async () => {
    const trades = watch ('watchTrades', XRP);
    const candles = watch ('watchOHLCV', XRP, '1m');
    const ticker = watch ('watchTicker', XRP);
    const best = watch ('watchBidsAsks', [ XRP ]);
    const mark = watch ('watchMarkPrice', XRP);
    await until (() => mark.count > 0, 'a mark price');
    assert.ok (Math.abs (mark.value.markPrice - 0.5) < 0.05);
    const trade = async () => {
        await asker.createOrder (XRP, 'market', 'buy', 20);
        await asker.createOrder (XRP, 'market', 'sell', 20);
    };
    const hasVolume = () => candles.count > 0 && candles.value.at (-1)[5] > 0; // a new minute begins without any
    const traded = await until (async () => {
        await trade ();
        return trades.count > 0 && hasVolume () && ticker.count > 0 && best.count > 0;
    }, 'trades, candles, tickers and best prices');
    assert.ok (traded);
    assert.ok (trades.value.at (-1).price > 0.45);
    assert.ok (ticker.value.last > 0.45);
    const rows = await until (async () => {
        if (!hasVolume ()) await trade ();
        const told = candles.value.at (-1);
        const asked = (await asker.fetchOHLCV (XRP, '1m', told[0], 1))[0];
        return told[5] > 0 && JSON.stringify (told) === JSON.stringify (asked) && asked;
    }, 'the running candle to agree with REST');
    assert.ok (rows[5] > 0);
});

test ('orders over the WebSocket API', async () => {
    const order = await client.createOrderWs (XRP, 'limit', 'buy', 100, 0.41);
    assert.equal (order.status, 'open');
    const edited = await client.editOrderWs (order.id, XRP, 'limit', 'buy', 120, 0.42);
    assert.equal (edited.price, 0.42);
    const asked = await client.fetchOrderWs (order.id, XRP);
    assert.equal (asked.amount, 120);
    const cancelled = await client.cancelOrderWs (order.id, XRP);
    assert.equal (cancelled.status, 'canceled');
    const balance = await client.fetchBalanceWs ();
    assert.ok (balance.USDT.total > 0);
    const positions = await client.fetchPositionsWs ([ XRP ]);
    assert.ok (Array.isArray (positions));
    const book = await client.fetchOrderBookWs (XRP, 5);
    assert.ok (book.bids.length > 0);
    await assert.rejects (client.createOrderWs (XRP, 'limit', 'buy', 100000000, 0.5), (e) => e.message.includes ('-'));
});
