using CrossMargin.Model;

namespace CrossMargin.Gateway.Binance.Streams;

/// <summary>A trade in the book, as tickers and candles count it.</summary>
internal readonly record struct TradePoint(Timestamp Time, long Id, Price Price, Quantity Quantity, Amount Quote, Side TakerSide);
