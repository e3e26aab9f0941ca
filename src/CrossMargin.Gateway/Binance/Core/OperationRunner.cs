using CrossMargin.Hosting;
using Microsoft.Extensions.Logging;

namespace CrossMargin.Gateway.Binance;

/// <summary>The steps of a call that are the same for every transport. Thread-safe.</summary>
public sealed partial class OperationRunner(BinanceServices services)
{
    public BinanceServices Services { get; } = services;

    /// <summary>
    /// Checks the key of a call that needs one and counts its weight; too much weight is answered before a bad key. A bad key's call counts
    /// too, so that keys cannot be guessed at speed.
    /// </summary>
    public LimitResult Admit(Operation operation, CallContext call, string? apiKey)
    {
        BinanceError? fault = null;
        if (operation.Security != CallSecurity.None)
        {
            fault = Services.Keys.Check(apiKey, call.Address, operation.Scope, out KeyGrant? grant);
            call.Grant = grant;
        }

        bool unlimited = call.Grant?.Key.Terms.Unlimited ?? false;
        LimitResult charged = Services.Limiter.Charge(call.Address, operation.WeightFor(call), unlimited);
        return charged.Error is null && fault is not null ? charged with { Error = fault } : charged;
    }

    /// <summary>Counts the orders of a call whose signature is right.</summary>
    public LimitResult AdmitOrders(Operation operation, CallContext call) =>
        Services.Limiter.ChargeOrders(call.Grant!.Account.Number, operation.Orders, call.Grant.Key.Terms.Unlimited);

    /// <summary>Executes. What a handler throws becomes an error without inner details.</summary>
    public async ValueTask<BinanceError?> ExecuteAsync(Operation operation, CallContext call)
    {
        try
        {
            BinanceError? error = await operation.Handler(call);
            if (error is not null) call.ClearOutput();
            return error;
        }
        catch (ExchangeUnavailableException)
        {
            call.ClearOutput();
            return BinanceError.Unavailable;
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            LogFailure(Services.Log, operation.Name, e);
            call.ClearOutput();
            return BinanceError.Internal;
        }
    }

    [LoggerMessage(EventId = 3100, Level = LogLevel.Error, Message = "Operation {Operation} failed")]
    private static partial void LogFailure(ILogger log, string operation, Exception exception);
}
