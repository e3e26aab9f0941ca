// The npm package `binance` (tiagosiebler): typed REST client and its WebSocket client, only the address changed.
import test, { after, before } from 'node:test';
import assert from 'node:assert/strict';
import { USDMClient, WebsocketClient } from 'binance';
import { e8 } from '../lib/exact.mjs';
import { base, hold, newAccount, until, wsBase } from '../lib/server.mjs';

const symbol = 'LTCUSDT';
let account;
let client;
let sockets;
const events = [];

before (async () => {
    await hold (symbol, '80');
    account = await newAccount ('binance client', '10000');
    client = new USDMClient ({ api_key: account.key, api_secret: account.secret, baseUrl: base });
    const quiet = { trace () {}, info () {}, error () {} };
    sockets = new WebsocketClient ({
        api_key: account.key, api_secret: account.secret, beautify: false, wsUrl: wsBase, restOptions: { baseUrl: base },
    }, quiet);
    sockets.on ('message', (event) => events.push (event.data ?? event));
    sockets.on ('exception', () => {});
});

after (() => sockets.closeAll (true));

test ('public data', async () => {
    assert.ok (Math.abs (await client.getServerTime () - Date.now ()) < 5000);
    assert.equal ((await client.getExchangeInfo ()).symbols.length, 12);
    assert.ok ((await client.getOrderBook ({ symbol, limit: 20 })).bids.length > 0);
    assert.equal (typeof (await client.getMarkPrice ({ symbol })).markPrice, 'string');
    assert.equal ((await client.getKlines ({ symbol, interval: '1m', limit: 5 })).at (-1)?.length ?? 12, 12);
    assert.ok (Array.isArray (await client.getMarkPriceKlines ({ symbol, interval: '1m', limit: 5 })));
    assert.ok (Array.isArray (await client.getFundingRateHistory ({ symbol })));
    assert.equal ((await client.getOpenInterest ({ symbol })).symbol, symbol);
});

test ('orders, positions, account', async () => {
    await client.setLeverage ({ symbol, leverage: 10 });
    const resting = await client.submitNewOrder ({ symbol, side: 'BUY', type: 'LIMIT', quantity: 1, price: 70, timeInForce: 'GTC' });
    assert.equal (resting.status, 'NEW');
    const changed = await client.modifyOrder ({ symbol, side: 'BUY', orderId: resting.orderId, quantity: 2, price: 71 });
    assert.equal (changed.orderId, resting.orderId);
    assert.equal ((await client.getOrder ({ symbol, orderId: resting.orderId })).origQty * 1, 2);
    assert.equal ((await client.cancelOrder ({ symbol, orderId: resting.orderId })).status, 'CANCELED');
    const several = await client.submitMultipleOrders ([
        { symbol, side: 'BUY', type: 'LIMIT', quantity: '1', price: '60', timeInForce: 'GTC' },
        { symbol, side: 'BUY', type: 'LIMIT', quantity: '1', price: '61', timeInForce: 'GTC' },
    ]);
    assert.equal (several.length, 2);
    assert.equal ((await client.getAllOpenOrders ({ symbol })).length, 2);
    await client.cancelAllOpenOrders ({ symbol });
    const market = await client.submitNewOrder ({ symbol, side: 'BUY', type: 'MARKET', quantity: 5, newOrderRespType: 'RESULT' });
    assert.equal (market.status, 'FILLED');
    const [ position ] = await client.getPositionsV3 ({ symbol });
    assert.equal (e8 (position.positionAmt), e8 ('5'));
    const trades = await client.getAccountTrades ({ symbol });
    assert.ok (trades.length > 0);
    const info = await client.getAccountInformationV3 ();
    assert.equal (e8 (info.totalWalletBalance), e8 (info.assets.find ((a) => a.asset === 'USDT').walletBalance));
    assert.ok ((await client.getIncomeHistory ({ symbol })).length > 0);
    assert.ok ((await client.getNotionalAndLeverageBrackets ({ symbol }))[0].brackets.length > 3);
    await assert.rejects (client.submitNewOrder ({ symbol, side: 'BUY', type: 'LIMIT', quantity: 1, price: 70.00001, timeInForce: 'GTC' }), (e) => e.code === -1111);
});

test ('the user stream tells of fills and balances', async () => {
    await sockets.subscribeUsdFuturesUserDataStream ();
    await until (async () => {
        const order = await client.submitNewOrder ({ symbol, side: 'SELL', type: 'LIMIT', quantity: 1, price: 90, timeInForce: 'GTC' });
        await client.cancelOrder ({ symbol, orderId: order.orderId });
        return events.some ((e) => e.e === 'ORDER_TRADE_UPDATE');
    }, 'an order event');
    await client.submitNewOrder ({ symbol, side: 'SELL', type: 'MARKET', quantity: 5, reduceOnly: 'true' });
    const fill = await until (() => events.find ((e) => e.e === 'ORDER_TRADE_UPDATE' && e.o.X === 'FILLED'), 'the fill');
    assert.equal (fill.o.s, symbol);
    const update = await until (() => events.find ((e) => e.e === 'ACCOUNT_UPDATE' && e.a.P.some ((p) => p.s === symbol && Number (p.pa) === 0)), 'the closed position');
    const wallet = (await client.getBalanceV3 ()).find ((b) => b.asset === 'USDT').balance;
    assert.equal (e8 (update.a.B.find ((b) => b.a === 'USDT').wb), e8 (wallet));
});

test ('market streams', async () => {
    sockets.subscribe ([ 'ltcusdt@markPrice@1s', 'ltcusdt@bookTicker' ], 'usdm');
    await until (() => events.find ((e) => e.e === 'markPriceUpdate' && e.s === symbol), 'a mark price');
});
