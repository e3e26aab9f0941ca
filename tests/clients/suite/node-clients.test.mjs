// Two older Node clients, `binance-api-node` and `node-binance-api`, each with its own idea of paths, names and streams.
import test, { after, before } from 'node:test';
import assert from 'node:assert/strict';
import BinanceApiNode from 'binance-api-node';
import NodeBinanceApi from 'node-binance-api';
import { e8 } from '../lib/exact.mjs';
import { base, hold, newAccount, until, wsBase } from '../lib/server.mjs';

const closing = [];

before (async () => {
    await hold ('AVAXUSDT', '30');
    await hold ('DOTUSDT', '6');
});

after (() => closing.forEach ((close) => close ()));

test ('binance-api-node: its streams, orders and conditional orders', async () => {
    const symbol = 'AVAXUSDT';
    const { key: apiKey, secret: apiSecret } = await newAccount ('binance-api-node', '10000');
    const client = BinanceApiNode.default ({ apiKey, apiSecret, httpFutures: base, wsFutures: `${wsBase}/ws` });
    const events = [];
    const books = [];
    closing.push (await client.ws.futuresUser ((e) => events.push (e)));
    closing.push (client.ws.futuresPartialDepth ({ symbol, level: 5 }, (e) => books.push (e)));
    assert.equal (await client.futuresPing (), true);
    await until (() => books.length > 0, 'a partial book');
    assert.equal (books[0].bidDepth.length, 5);
    const market = await client.futuresOrder ({ symbol, side: 'BUY', type: 'MARKET', quantity: '10', newOrderRespType: 'RESULT' });
    assert.equal (market.status, 'FILLED');
    const fill = await until (() => events.find ((e) => e.eventType === 'ORDER_TRADE_UPDATE' && e.orderStatus === 'FILLED'), 'the fill');
    assert.equal (e8 (fill.averagePrice), e8 (market.avgPrice));
    const wallet = (await client.futuresAccountBalance ()).find ((b) => b.asset === 'USDT').balance;
    await until (() => events.some ((e) => e.eventType === 'ACCOUNT_UPDATE' && e8 (e.balances[0]?.walletBalance ?? '0') === e8 (wallet)), 'the balance');
    const stop = await client.futuresOrder ({ symbol, side: 'SELL', type: 'STOP_MARKET', stopPrice: '29', closePosition: 'true' });
    assert.equal (stop.algoStatus, 'NEW');
    assert.equal ((await client.futuresOpenOrders ({ symbol, conditional: true })).length, 1);
    await client.futuresCancelOrder ({ symbol, algoId: stop.algoId, conditional: true });
    const ids = await client.futuresBatchOrders ({ batchOrders: JSON.stringify ([ 28, 28.5 ].map ((price) => (
        { symbol, side: 'BUY', type: 'LIMIT', timeInForce: 'GTC', quantity: '1', price: String (price) }))) });
    await client.futuresCancelBatchOrders ({ symbol, orderIdList: JSON.stringify (ids.map ((o) => o.orderId)) });
    assert.equal ((await client.futuresOpenOrders ({ symbol })).length, 0);
});

test ('node-binance-api: REST by its option, streams by two methods of the instance', async () => {
    const symbol = 'DOTUSDT';
    const account = await newAccount ('node-binance-api', '10000');
    const client = new NodeBinanceApi ({ APIKEY: account.key, APISECRET: account.secret, urls: { fapi: `${base}/fapi/` }, reconnect: false, log: () => {} });
    client.getFStreamSingleUrl = (category) => `${wsBase}/${category}/ws/`;
    client.getFStreamUrl = (category) => `${wsBase}/${category}/stream?streams=`;
    const orders = [];
    const quotes = [];
    const subscribed = [];
    client.userFutureData (() => {}, () => {}, () => {}, (e) => orders.push (e.order), (e) => subscribed.push (e));
    client.futuresBookTickerStream (symbol, (e) => quotes.push (e));
    await until (() => subscribed.length > 0 && quotes.length > 0, 'its streams');
    assert.equal (quotes[0].symbol, symbol);
    const resting = await client.futuresBuy (symbol, 10, 5.9);
    assert.equal (resting.timeInForce, 'GTX');
    await until (() => orders.some ((o) => o.orderId === resting.orderId && o.orderStatus === 'NEW'), 'the order on its stream');
    assert.equal ((await client.futuresCancel (symbol, resting.orderId)).status, 'CANCELED');
    const bought = await client.futuresMarketBuy (symbol, 10, { newOrderRespType: 'RESULT' });
    assert.equal (bought.status, 'FILLED');
    const stop = await client.futuresOrder ('STOP_MARKET', 'SELL', symbol, 10, undefined, { stopPrice: 5.5, reduceOnly: true });
    assert.equal ((await client.futuresOpenAlgoOrders (symbol))[0].algoId, stop.algoId);
    await client.futuresCancelAllAlgo (symbol);
    const [ position ] = await client.futuresPositionRisk ({ symbol });
    assert.equal (e8 (position.positionAmt), e8 ('10'));
    const sold = await client.futuresMarketSell (symbol, 10, { reduceOnly: true, newOrderRespType: 'RESULT' });
    assert.equal (sold.status, 'FILLED');
});
