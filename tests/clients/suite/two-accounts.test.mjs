// Two accounts trade with each other only: what one gains the other loses, to the last unit.
import test, { before } from 'node:test';
import assert from 'node:assert/strict';
import { rest } from '../lib/ccxt.mjs';
import { e8, sum } from '../lib/exact.mjs';
import { hold, house, newAccount } from '../lib/server.mjs';

const ETH = 'ETH/USDT:USDT';
let maker;
let taker;

async function wallet (client) {
    const [ usdt ] = (await client.fapiPrivateV3GetBalance ()).filter ((b) => b.asset === 'USDT');
    return e8 (usdt.balance);
}

async function trades (client) {
    return await client.fapiPrivateGetUserTrades ({ symbol: 'ETHUSDT', limit: 1000 });
}

before (async () => {
    await hold ('ETHUSDT', '3000');
    await house ('ETHUSDT', false);
    maker = rest (await newAccount ('maker', '100000'));
    taker = rest (await newAccount ('taker', '100000'));
    await maker.loadMarkets ();
    await taker.loadMarkets ();
});

test ('a round trip: each fill has its other side, the fees are the only difference', async () => {
    const limit = await maker.createOrder (ETH, 'limit', 'sell', 2, 3001);
    const taken = await taker.createOrder (ETH, 'limit', 'buy', 1.5, 3001);
    assert.equal (taken.status, 'closed');
    assert.equal (taken.average, 3001);
    const open = await maker.fetchOrder (limit.id, ETH);
    assert.equal (open.filled, 1.5);
    assert.equal (open.remaining, 0.5);
    await taker.createOrder (ETH, 'limit', 'buy', 0.5, 3001, { timeInForce: 'IOC' });
    assert.equal ((await maker.fetchOrder (limit.id, ETH)).status, 'closed');

    const back = await maker.createOrder (ETH, 'limit', 'buy', 2, 2995, { postOnly: true });
    assert.equal (back.status, 'open');
    await taker.createOrder (ETH, 'market', 'sell', 2, undefined, { reduceOnly: true });
    assert.equal ((await maker.fetchOrder (back.id, ETH)).status, 'closed');

    const [ made, took ] = [ await trades (maker), await trades (taker) ];
    assert.deepEqual (made.map ((t) => [ t.id, t.price, t.qty ]), took.map ((t) => [ t.id, t.price, t.qty ]));
    assert.ok (made.every ((t) => t.maker === true) && took.every ((t) => t.maker === false));
    const profit = (rows) => sum (rows.map ((t) => e8 (t.realizedPnl)));
    const fees = (rows) => sum (rows.map ((t) => e8 (t.commission)));
    assert.equal (profit (made), e8 ('12'));
    assert.equal (profit (took), e8 ('-12'));
    assert.equal (await wallet (maker), e8 ('100000') + e8 ('12') - fees (made));
    assert.equal (await wallet (taker), e8 ('100000') - e8 ('12') - fees (took));
    for (const client of [ maker, taker ]) assert.equal ((await client.fetchPositions ([ ETH ])).length, 0);
});

test ('open positions mirror each other', async () => {
    await maker.createOrder (ETH, 'limit', 'sell', 1, 3000);
    await taker.createOrder (ETH, 'limit', 'buy', 1, 3000);
    const [ short ] = await maker.fetchPositions ([ ETH ]);
    const [ long ] = await taker.fetchPositions ([ ETH ]);
    assert.equal (e8 (short.info.positionAmt) + e8 (long.info.positionAmt), 0n);
    assert.equal (e8 (short.info.unRealizedProfit) + e8 (long.info.unRealizedProfit), 0n);
    const account = await taker.fapiPrivateV3GetAccount ();
    assert.equal (e8 (account.totalMarginBalance), e8 (account.totalWalletBalance) + e8 (account.totalUnrealizedProfit));
    await maker.createOrder (ETH, 'limit', 'buy', 1, 3000, { reduceOnly: true });
    await taker.createOrder (ETH, 'limit', 'sell', 1, 3000, { reduceOnly: true });
});

test ('nobody sees, changes or cancels another one\'s order', async () => {
    const order = await maker.createOrder (ETH, 'limit', 'sell', 1, 3100);
    assert.equal ((await taker.fetchOpenOrders (ETH)).length, 0);
    const name = (e) => e.constructor.name;
    const own = await taker.createOrder (ETH, 'limit', 'buy', 1, 2900);
    for (const id of [ order.clientOrderId ]) {
        await assert.rejects (taker.fapiPrivateDeleteOrder ({ symbol: 'ETHUSDT', origClientOrderId: id }), (e) => name (e) === 'OrderNotFound');
        await assert.rejects (taker.fapiPrivateGetOrder ({ symbol: 'ETHUSDT', origClientOrderId: id }), (e) => name (e) === 'OrderNotFound');
    }
    await taker.cancelAllOrders (ETH);
    assert.equal ((await taker.fetchOrder (own.id, ETH)).status, 'canceled');
    assert.equal ((await maker.fetchOrder (order.id, ETH)).status, 'open');
    await maker.cancelAllOrders (ETH);
});
