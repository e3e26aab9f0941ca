// The calls that bots on top of ccxt make, in the order they make them.
import test, { before } from 'node:test';
import assert from 'node:assert/strict';
import { ccxt, rest, urls } from '../lib/ccxt.mjs';
import { hold, newAccount, publicGet, until } from '../lib/server.mjs';

const ADA = 'ADA/USDT:USDT';
let client;

before (async () => {
    await hold ('ADAUSDT', '0.1');
    client = rest (await newAccount ('bots', '5000'));
});

test ('freqtrade: start, a trade with a stop on the exchange, the end', async () => {
    await client.loadMarkets ();
    const dual = await client.fapiPrivateGetPositionSideDual ();
    assert.equal (dual.dualSidePosition, false);
    const multi = await client.fapiPrivateGetMultiAssetsMargin ();
    assert.equal (multi.multiAssetsMargin, false);
    await client.fetchLeverageTiers ();
    await client.fetchTickers ();
    await client.createOrder (ADA, 'market', 'buy', 100);
    await client.createOrder (ADA, 'market', 'sell', 100, undefined, { reduceOnly: true });
    assert.ok ((await client.fetchOHLCV (ADA, '5m', Date.now () - 3600000, 499)).length >= 1);
    await client.fetchOHLCV (ADA, '8h', undefined, 10, { price: 'mark' });
    await client.fetchFundingRateHistory (ADA, Date.now () - 86400000);
    assert.ok ((await client.fetchOrderBook (ADA, 10)).bids.length > 0);
    await client.setMarginMode ('isolated', ADA);
    await client.setLeverage (5, ADA);
    const entry = await client.createOrder (ADA, 'limit', 'buy', 1000, 0.105, { timeInForce: 'GTC' });
    const filled = await client.fetchOrder (entry.id, ADA);
    assert.equal (filled.status, 'closed');
    assert.ok ((await client.fetchMyTrades (ADA, filled.timestamp - 5000)).length > 0);
    const stop = await client.createOrder (ADA, 'market', 'sell', 1000, undefined, { stopPrice: 0.09, reduceOnly: true });
    const waiting = await client.fetchOpenOrders (ADA, undefined, undefined, { trigger: true });
    assert.equal (waiting.length, 1);
    const [ position ] = await client.fetchPositions ([ ADA ]);
    assert.equal (position.contracts, 1000);
    assert.ok (position.liquidationPrice > 0 && position.liquidationPrice < 0.1);
    await client.cancelOrder (stop.id, ADA, { trigger: true });
    const exit = await client.createOrder (ADA, 'market', 'sell', 1000, undefined, { reduceOnly: true });
    assert.equal (exit.status, 'closed');
    assert.ok (Array.isArray (await client.fetchFundingHistory (ADA, Date.now () - 86400000)));
    const balance = await client.fetchBalance ();
    assert.ok (balance.USDT.free > 4900);
});

test ('freqtrade, by its own configuration: linear markets only; a stop that fired leads to the order that it became', async () => {
    const { key: apiKey, secret } = await newAccount ('freqtrade', '5000');
    const bot = new ccxt.binance ({ apiKey, secret, urls, options: { defaultType: 'swap', fetchMarkets: { types: [ 'linear' ] } } });
    const markets = await bot.loadMarkets ();
    assert.ok (Object.values (markets).every ((m) => m.swap && m.linear));
    assert.equal ((await bot.fetchStatus ()).status, 'ok');
    await bot.setMarginMode ('isolated', ADA);
    await bot.setLeverage (3, ADA);
    await bot.createOrder (ADA, 'limit', 'buy', 1000, 0.105);
    const stop = await bot.createOrder (ADA, 'stop_market', 'sell', 1000, undefined, { stopPrice: 0.095, reduceOnly: true, workingType: 'MARK_PRICE' });
    assert.equal ((await bot.fetchOrder (stop.id, ADA, { stop: true })).status, 'open');
    await hold ('ADAUSDT', '0.094');
    const fired = await until (async () => {
        const order = await bot.fetchOrder (stop.id, ADA, { stop: true });
        return order.status === 'closed' && order.info.algoStatus === 'FINISHED' ? order : undefined;
    }, 'the stop');
    const actual = await bot.fetchOrder (fired.info.actualOrderId, ADA);
    assert.deepEqual ([ actual.status, actual.side, actual.filled ], [ 'closed', 'sell', 1000 ]);
    assert.ok (actual.average < 0.095);
    assert.deepEqual (await bot.fetchPositions ([ ADA ]), []);
    await assert.rejects (bot.createOrder (ADA, 'limit', 'buy', 1000, 0.096, { timeInForce: 'PO' }), (e) => /-5022/.test (e.message));
    assert.equal ((await bot.fetchOrders (ADA)).length, 2, 'a post-only order that was refused is in no history');
    await hold ('ADAUSDT', '0.1');
});

test ('freqtrade, older ccxt: a stop by the classic path keeps one id for its life', async () => {
    await client.createOrder (ADA, 'market', 'buy', 500);
    const stop = await client.fapiPrivatePostOrder ({
        symbol: 'ADAUSDT', side: 'SELL', type: 'STOP_MARKET', quantity: '500', stopPrice: '0.095', reduceOnly: 'true', workingType: 'MARK_PRICE',
    });
    assert.equal (stop.status, 'NEW');
    assert.equal (stop.type, 'STOP_MARKET');
    const open = await client.fapiPrivateGetOpenOrders ({ symbol: 'ADAUSDT' });
    assert.ok (open.some ((o) => o.orderId === stop.orderId));
    await hold ('ADAUSDT', '0.094');
    let seen;
    for (let i = 0; i < 500 && seen?.status !== 'FILLED'; i++) {
        seen = await client.fapiPrivateGetOrder ({ symbol: 'ADAUSDT', orderId: stop.orderId });
    }
    assert.equal (seen.status, 'FILLED');
    assert.equal (seen.origType, 'STOP_MARKET');
    await hold ('ADAUSDT', '0.1');
});

test ('hummingbot: the calls of its binance_perpetual connector', async () => {
    assert.deepEqual (await publicGet ('/fapi/v1/ping'), {});
    assert.ok ((await publicGet ('/fapi/v1/exchangeInfo')).symbols.length === 12);
    assert.ok ((await publicGet ('/fapi/v1/ticker/price', { symbol: 'ADAUSDT' })).price);
    assert.ok ((await publicGet ('/fapi/v1/premiumIndex', { symbol: 'ADAUSDT' })).lastFundingRate !== undefined);
    assert.ok ((await publicGet ('/fapi/v1/depth', { symbol: 'ADAUSDT', limit: '1000' })).lastUpdateId > 0);
    const account = await client.fapiPrivateV2GetAccount ();
    assert.ok (account.assets.some ((a) => a.asset === 'USDT'));
    const risk = await client.fapiPrivateV2GetPositionRisk ();
    assert.ok (risk.length >= 12);
    await client.fapiPrivatePostPositionSideDual ({ dualSidePosition: 'true' });
    const order = await client.fapiPrivatePostOrder ({
        symbol: 'ADAUSDT', side: 'BUY', type: 'LIMIT', quantity: '100', price: '0.09', timeInForce: 'GTX', positionSide: 'LONG', newClientOrderId: 'x-nbQe1H39-1',
    });
    assert.equal (order.positionSide, 'LONG');
    await client.fapiPrivateDeleteOrder ({ symbol: 'ADAUSDT', origClientOrderId: 'x-nbQe1H39-1' });
    await client.fapiPrivatePostPositionSideDual ({ dualSidePosition: 'false' });
    await client.fapiPrivateGetIncome ({ symbol: 'ADAUSDT', incomeType: 'FUNDING_FEE', startTime: String (Date.now () - 3600000) });
    const { listenKey } = await client.fapiPrivatePostListenKey ();
    assert.match (listenKey, /^[A-Za-z0-9]{20,}$/);
    assert.equal ((await client.fapiPrivatePostListenKey ()).listenKey, listenKey);
    await client.fapiPrivatePutListenKey ({ listenKey });
    await client.fapiPrivateDeleteListenKey ({ listenKey });
});

test ('the dead man\'s switch cancels when it is not renewed', async () => {
    await client.createOrder (ADA, 'limit', 'buy', 100, 0.08);
    await client.fapiPrivatePostCountdownCancelAll ({ symbol: 'ADAUSDT', countdownTime: 1000 });
    let left = 1;
    for (let i = 0; i < 400 && left > 0; i++) {
        left = (await client.fetchOpenOrders (ADA)).length;
        await new Promise ((resolve) => { setTimeout (resolve, 20); });
    }
    assert.equal (left, 0);
});
