import test, { before } from 'node:test';
import assert from 'node:assert/strict';
import { rest } from '../lib/ccxt.mjs';
import { hold, newAccount } from '../lib/server.mjs';

const BTC = 'BTC/USDT:USDT';
let client;
let keyed;

before (async () => {
    await hold ('BTCUSDT', '50000');
    client = rest ();
    keyed = rest (await newAccount ('market data', '10000'));
    await client.loadMarkets ();
});

test ('loadMarkets: every market is a linear perpetual with its filters', () => {
    assert.equal (Object.keys (client.markets).length, 12);
    const market = client.market (BTC);
    assert.equal (market.swap, true);
    assert.equal (market.linear, true);
    assert.equal (market.active, true);
    assert.equal (market.settle, 'USDT');
    assert.equal (market.contractSize, 1);
    assert.ok (market.precision.price > 0 && market.precision.amount > 0);
    assert.ok (market.limits.amount.min > 0 && market.limits.cost.min > 0);
});

test ('loadMarkets with a key asks for currencies too and gets on', async () => {
    const markets = await keyed.loadMarkets ();
    assert.ok (markets[BTC]);
});

test ('time agrees with this machine', async () => {
    assert.ok (Math.abs (await client.fetchTime () - Date.now ()) < 5000);
    assert.ok (Math.abs (await keyed.loadTimeDifference ()) < 5000);
});

test ('order book: sorted, not crossed, the best levels those of fetchBidsAsks', async () => {
    const book = await client.fetchOrderBook (BTC, 100);
    assert.ok (book.bids.length > 3 && book.asks.length > 3);
    for (let i = 1; i < book.bids.length; i++) assert.ok (book.bids[i][0] < book.bids[i - 1][0]);
    for (let i = 1; i < book.asks.length; i++) assert.ok (book.asks[i][0] > book.asks[i - 1][0]);
    assert.ok (book.bids[0][0] < book.asks[0][0]);
    assert.ok (Number.isInteger (book.nonce));
    const best = (await client.fetchBidsAsks ([ BTC ]))[BTC];
    assert.equal (best.bid, book.bids[0][0]);
    assert.equal (best.ask, book.asks[0][0]);
});

test ('tickers, prices, funding, open interest', async () => {
    const ticker = await client.fetchTicker (BTC);
    assert.equal (ticker.symbol, BTC);
    const tickers = await client.fetchTickers ();
    assert.equal (Object.keys (tickers).length, 12);
    assert.equal (Object.keys (await client.fetchLastPrices ()).length, 12);
    const funding = await client.fetchFundingRate (BTC);
    assert.equal (funding.indexPrice, 50000);
    assert.ok (Math.abs (funding.markPrice - 50000) < 500);
    assert.ok (funding.nextFundingTimestamp ?? funding.fundingTimestamp);
    assert.equal (Object.keys (await client.fetchFundingRates ()).length, 12);
    assert.ok (Math.abs ((await client.fetchMarkPrice (BTC)).markPrice - 50000) < 500);
    const intervals = await client.fetchFundingIntervals ();
    assert.equal (intervals[BTC].interval, '8h');
    assert.ok (Array.isArray (await client.fetchFundingRateHistory (BTC, undefined, 10)));
    assert.ok ((await client.fetchOpenInterest (BTC)).openInterestAmount >= 0);
});

test ('candles of trades, mark and index on every interval', async () => {
    for (const timeframe of Object.keys (client.timeframes).filter ((t) => t !== '1s')) {
        const rows = await client.fetchOHLCV (BTC, timeframe, undefined, 5);
        assert.ok (Array.isArray (rows), timeframe);
        for (const [ , o, h, l, c ] of rows) assert.ok (l <= o && l <= c && h >= o && h >= c, timeframe);
    }
    for (const price of [ 'mark', 'index' ]) {
        const rows = await client.fetchOHLCV (BTC, '1m', undefined, 5, { price });
        assert.ok (rows.length >= 1, price);
        assert.ok (Math.abs (rows.at (-1)[4] - 50000) < 500, price);
    }
    assert.ok (Array.isArray (await client.fetchOHLCV (BTC, '1m', undefined, 5, { price: 'premiumIndex' })));
});

test ('trades', async () => {
    const trades = await client.fetchTrades (BTC, undefined, 50);
    assert.ok (Array.isArray (trades));
    for (const trade of trades) assert.ok (trade.price > 0 && trade.amount > 0 && [ 'buy', 'sell' ].includes (trade.side));
});

test ('leverage tiers', async () => {
    const tiers = (await keyed.fetchLeverageTiers ([ BTC ]))[BTC];
    assert.ok (tiers.length > 3);
    assert.equal (tiers[0].minNotional, 0);
    for (let i = 1; i < tiers.length; i++) {
        assert.equal (tiers[i].minNotional, tiers[i - 1].maxNotional);
        assert.ok (tiers[i].maintenanceMarginRate > tiers[i - 1].maintenanceMarginRate);
    }
});

test ('an unknown symbol is a BadSymbol, an unknown path no made-up success', async () => {
    await assert.rejects (client.fapiPublicGetDepth ({ symbol: 'NOPEUSDT' }), (e) => e.constructor.name === 'BadSymbol');
    await assert.rejects (keyed.fapiPrivateGetOrderAsyn ({ timestamp: 1 }));
});
