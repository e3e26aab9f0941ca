using CrossMargin.Hosting;

namespace CrossMargin.Gateway.Binance;

/// <summary>What a call must bring along.</summary>
public enum CallSecurity
{
    None = 0,

    /// <summary>The API key alone.</summary>
    Key = 1,

    /// <summary>Key, timestamp and signature.</summary>
    Signed = 2,
}

/// <summary>Executes one call: writes its JSON and returns null, or returns the refusal; what was written by then is thrown away.</summary>
public delegate ValueTask<BinanceError?> OperationHandler(CallContext call);

/// <summary>One operation of the dialect, whichever transport it comes by. Immutable.</summary>
public sealed record Operation
{
    /// <summary>For people and metrics: "newOrder".</summary>
    public required string Name { get; init; }

    /// <summary>Subject in the documentation.</summary>
    public required string Group { get; init; }
    public required string Method { get; init; }
    public required string Path { get; init; }

    /// <summary>Method names of the WebSocket API; empty: none.</summary>
    public IReadOnlyList<string> WebSocketMethods { get; init; } = [];
    public required CallSecurity Security { get; init; }

    /// <summary>What the key must be allowed to do; none for public calls.</summary>
    public KeyScopes Scope { get; init; }

    /// <summary>Request weight where it does not depend on the parameters.</summary>
    public int Weight { get; init; } = 1;

    /// <summary>Request weight by the parameters, or null.</summary>
    public Func<CallContext, int>? WeightOf { get; init; }

    /// <summary>How many orders the call counts against the account's order limits.</summary>
    public int Orders { get; init; }

    /// <summary>What differs from Binance, for the documentation.</summary>
    public string Note { get; init; } = "";
    public required OperationHandler Handler { get; init; }

    /// <summary>What weighs nothing costs one unit where its key is no good: keys are not guessed for nothing.</summary>
    public int WeightFor(CallContext call)
    {
        int weight = WeightOf is null ? Weight : WeightOf(call);
        return weight == 0 && call.Grant is null ? 1 : weight;
    }
}
