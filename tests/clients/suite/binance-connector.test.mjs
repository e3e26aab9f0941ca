// Binance's own connector: REST, market and user streams, WebSocket API; only the addresses are changed.
import test, { after, before } from 'node:test';
import assert from 'node:assert/strict';
import { DerivativesTradingUsdsFutures } from '@binance/derivatives-trading-usds-futures';
import { e8 } from '../lib/exact.mjs';
import { base, hold, newAccount, until, wsBase } from '../lib/server.mjs';

const symbol = 'LINKUSDT';
let rest;
let streams;
let api;

async function ask (answer) {
    return await (await answer).data ();
}

before (async () => {
    await hold (symbol, '20');
    const { key: apiKey, secret: apiSecret } = await newAccount ('connector', '10000');
    const client = new DerivativesTradingUsdsFutures ({
        configurationRestAPI: { apiKey, apiSecret, basePath: base },
        configurationWebsocketStreams: { wsURL: wsBase },
        configurationWebsocketAPI: { apiKey, apiSecret, wsURL: `${wsBase}/ws-fapi/v1` },
    });
    rest = client.restAPI;
    streams = await client.websocketStreams.connect ();
    api = await client.websocketAPI.connect ();
});

after (async () => {
    await streams.disconnect ();
    await api.disconnect ();
});

test ('REST: market data, an order and its changes, refusals by class', async () => {
    const info = await ask (rest.exchangeInformation ());
    assert.equal (info.symbols.length, 12);
    assert.ok ((await ask (rest.orderBook ({ symbol, limit: 5 }))).bids.length > 0);
    const placed = await ask (rest.newOrder ({ symbol, side: 'BUY', type: 'LIMIT', timeInForce: 'GTC', quantity: 2, price: 19.5 }));
    assert.equal (placed.status, 'NEW');
    const changed = await ask (rest.modifyOrder ({ symbol, side: 'BUY', orderId: placed.orderId, quantity: 3, price: 19.4 }));
    assert.equal (changed.origQty, '3.00');
    const batch = await ask (rest.placeMultipleOrders ({ batchOrders: [
        { symbol, side: 'BUY', type: 'LIMIT', timeInForce: 'GTC', quantity: '2', price: '19.3', newClientOrderId: 'connector-1' },
        { symbol, side: 'BUY', type: 'LIMIT', timeInForce: 'GTC', quantity: '0.00001', price: '19.3' },
    ] }));
    assert.equal (batch[0].clientOrderId, 'connector-1');
    assert.equal (Number (batch[1].code), -1111);
    const cancelled = await ask (rest.cancelMultipleOrders ({ symbol, orderIdList: [ placed.orderId, batch[0].orderId ] }));
    assert.deepEqual (cancelled.map ((o) => o.status), [ 'CANCELED', 'CANCELED' ]);
    await assert.rejects (rest.cancelOrder ({ symbol, orderId: placed.orderId }), (e) => e.name === 'BadRequestError' && e.code === -2011);
    const maker = { symbol, side: 'BUY', type: 'LIMIT', timeInForce: 'GTX', quantity: 2, price: 20.5, newClientOrderId: 'connector-2' };
    await assert.rejects (rest.newOrder (maker), (e) => e.code === -5022);
    assert.ok (!(await ask (rest.allOrders ({ symbol }))).some ((o) => o.clientOrderId === 'connector-2'), 'a refused order is in no history');
});

test ('streams: a fill is told as REST has it, trades and prices arrive', async () => {
    const { listenKey } = await ask (rest.startUserDataStream ());
    const events = [];
    streams.userData (listenKey).on ('message', (e) => events.push (e));
    for (const stream of [ streams.aggregateTradeStreams ({ symbol: 'linkusdt' }), streams.markPriceStream ({ symbol: 'linkusdt', updateSpeed: '1s' }) ]) {
        stream.on ('message', (e) => events.push (e));
    }
    await until (() => events.some ((e) => e.e === 'markPriceUpdate'), 'a mark price');
    const order = await ask (rest.newOrder ({ symbol, side: 'BUY', type: 'MARKET', quantity: 5, newOrderRespType: 'RESULT' }));
    const told = await until (() => events.find ((e) => e.e === 'ORDER_TRADE_UPDATE' && e.o.X === 'FILLED'), 'the fill');
    assert.equal (e8 (told.o.ap), e8 (order.avgPrice));
    await until (() => events.find ((e) => e.e === 'aggTrade' && e.p === told.o.L), 'the trade');
    const { a: { P: [ leg ] } } = await until (() => events.find ((e) => e.e === 'ACCOUNT_UPDATE' && Number (e.a.P[0]?.pa) === 5), 'the position');
    const [ position ] = await ask (rest.positionInformationV3 ({ symbol }));
    assert.equal (e8 (leg.pa), e8 (position.positionAmt));
    assert.equal (e8 (leg.ep), e8 (position.entryPrice));
    assert.equal (e8 (leg.bep), e8 (position.breakEvenPrice));
});

test ('WebSocket API: an order, a conditional one, the account', async () => {
    const placed = await api.newOrder ({ symbol, side: 'BUY', type: 'LIMIT', timeInForce: 'GTC', quantity: 2, price: 19.5 });
    assert.equal (placed.data.status, 'NEW');
    assert.equal ((await api.cancelOrder ({ symbol, orderId: placed.data.orderId })).data.status, 'CANCELED');
    await assert.rejects (api.cancelOrder ({ symbol, orderId: placed.data.orderId }), (e) => e.code === -2011);
    const stop = await api.newAlgoOrder ({ algoType: 'CONDITIONAL', symbol, side: 'SELL', type: 'STOP_MARKET', triggerPrice: 19, closePosition: 'true' });
    assert.equal (stop.data.algoStatus, 'NEW');
    await api.cancelAlgoOrder ({ algoId: stop.data.algoId });
    const balance = (await api.futuresAccountBalanceV2 ()).data.find ((b) => b.asset === 'USDT');
    const wallet = (await ask (rest.accountInformationV3 ())).totalWalletBalance;
    assert.equal (e8 (balance.balance), e8 (wallet));
});
