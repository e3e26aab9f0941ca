using System.Collections.Frozen;
using CrossMargin.Gateway.Alerts;

namespace CrossMargin.Gateway.Binance;

/// <summary>Everything the dialect can do. Immutable.</summary>
public static class OperationTable
{
    /// <summary>By subject, as the documentation lists them.</summary>
    public static IReadOnlyList<Operation> All { get; } =
    [
        .. GeneralOperations.All,
        .. BookOperations.All,
        .. CandleOperations.All,
        .. TickerOperations.All,
        .. FundingOperations.All,
        .. StatisticsOperations.All,
        .. OrderOperations.All,
        .. BatchOperations.All,
        .. OrderQueryOperations.All,
        .. AlgoOperations.All,
        .. AccountOperations.All,
        .. PositionOperations.All,
        .. SettingOperations.All,
        .. MarginOperations.All,
        .. HistoryOperations.All,
        .. ListenKeyOperations.All,
        .. OtherOperations.All,
        .. AlertOperations.All,
        .. WithdrawalOperations.All,
    ];

    private static readonly FrozenDictionary<string, Operation[]> s_byPath = All
        .GroupBy(o => o.Path, StringComparer.Ordinal)
        .ToFrozenDictionary(g => g.Key, g => g.ToArray(), StringComparer.Ordinal);

    private static readonly FrozenDictionary<string, Operation> s_byWebSocketMethod = All
        .SelectMany(o => o.WebSocketMethods, (o, name) => (o, name))
        .ToFrozenDictionary(p => p.name, p => p.o, StringComparer.Ordinal);

    public static Operation? Find(string method, string path)
    {
        if (!s_byPath.TryGetValue(path, out Operation[]? operations)) return null;
        foreach (Operation operation in operations)
        {
            if (operation.Method == method) return operation;
        }

        return null;
    }

    /// <summary>By the method name of the WebSocket API, or null.</summary>
    public static Operation? FindWebSocket(string method) => s_byWebSocketMethod.GetValueOrDefault(method);
}
