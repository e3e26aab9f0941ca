using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using CrossMargin.Gateway.Binance;
using CrossMargin.Hosting;

namespace CrossMargin.Gateway.Tests.Binance;

public class EndpointPageTests
{
    /// <summary>docs/api/endpoints.md is made from the table of operations; CROSSMARGIN_FREEZE=1 writes it anew.</summary>
    [Fact]
    public void Page_IsInStepWithTheTable()
    {
        string path = PagePath();
        string page = Page();
        if (Environment.GetEnvironmentVariable("CROSSMARGIN_FREEZE") == "1")
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllText(path, page);
        }

        Assert.Equal(page, File.ReadAllText(path));
    }

    [Fact]
    public void Table_NamesEachOperationOnce()
    {
        Assert.Equal(OperationTable.All.Count, OperationTable.All.Select(o => (o.Method, o.Path)).Distinct().Count());
        Assert.All(OperationTable.All, o => Assert.Same(o, OperationTable.Find(o.Method, o.Path)));
        Assert.All(OperationTable.All, o => Assert.Equal(o.Security == CallSecurity.None, o.Scope == KeyScopes.None));
    }

    private static readonly (string What, string[] Paths)[] s_onACluster =
    [
        ("the market's newest 500 trades", ["/fapi/v1/trades", "/fapi/v1/historicalTrades", "/fapi/v1/aggTrades"]),
        ("the newest 1,500 candles of each interval in which something changed", [
            "/fapi/v1/klines", "/fapi/v1/continuousKlines", "/fapi/v1/indexPriceKlines", "/fapi/v1/markPriceKlines", "/fapi/v1/premiumIndexKlines",
            "/futures/data/takerlongshortRatio", "/futures/data/basis"]),
        ("a market's newest 500 settlements", ["/fapi/v1/fundingRate"]),
        ("open orders, and of those that ended the ones among the account's newest 500", ["/fapi/v1/order", "/fapi/v1/allOrders"]),
        ("among the account's newest 500 conditional orders", ["/fapi/v1/algoOrder", "/fapi/v1/allAlgoOrders"]),
        ("the account's newest 500 fills", ["/fapi/v1/userTrades"]),
        ("the account's newest 500 rows", ["/fapi/v1/income", "/fapi/v1/positionMargin/history", "/fapi/v1/forceOrders"]),
        ("0 for every position: the other holders are not known where the account is", ["/fapi/v1/adlQuantile"]),
    ];

    private static string Page()
    {
        var text = new StringBuilder();
        text.Append("# Endpoints of the Binance USD-M dialect\n\n");
        text.Append("Every REST operation and the WebSocket API methods that are the same operation. Any other path below /fapi, /sapi and\n");
        text.Append("/futures/data answers 404 with code -5000 and names it. \"Weight\" is the request weight; \"by parameters\" follows Binance.\n");
        foreach (IGrouping<string, Operation> group in OperationTable.All.GroupBy(o => o.Group))
        {
            text.Append(CultureInfo.InvariantCulture, $"\n## {group.Key}\n\n");
            if (group.Key == OtherOperations.Refused) text.Append("Known to Binance, answered with code -1130 that names them.\n\n");
            text.Append("| method | path | WebSocket API | needs | weight | orders | remarks |\n|---|---|---|---|---|---|---|\n");
            foreach (Operation o in group)
            {
                string weight = o.WeightOf is null ? o.Weight.ToString(CultureInfo.InvariantCulture) : "by parameters";
                string orders = o.Orders == 0 ? "" : o.Orders.ToString(CultureInfo.InvariantCulture);
                string sockets = string.Join(", ", o.WebSocketMethods);
                text.AppendJoin(" | ", $"| {o.Method}", o.Path, sockets, Needs(o), weight, orders, o.Note).Append(" |\n");
            }
        }

        AppendCluster(text);
        return text.ToString();
    }

    private static void AppendCluster(StringBuilder text)
    {
        text.Append("\n## On a cluster\n\n");
        text.Append("On a cluster each actor keeps its newest rows of history; what is older is answered as empty. Everything not named here is\n");
        text.Append("the same on both hosts. Exchange time is the wall clock's: the operator's pause, step, speed, replay and simulated traders\n");
        text.Append("(below /admin) answer that they are not supported there; equity curves are empty, and liquidations are listed by account.\n\n");
        text.Append("| path | on a cluster |\n|---|---|\n");
        foreach ((string what, string[] paths) in s_onACluster)
        {
            foreach (string path in paths)
            {
                Assert.Contains(OperationTable.All, o => o.Path == path);
                text.Append(CultureInfo.InvariantCulture, $"| {path} | {what} |\n");
            }
        }
    }

    private static string Needs(Operation o) => o.Security switch
    {
        CallSecurity.None => "",
        CallSecurity.Key => $"key ({o.Scope.ToString().ToLowerInvariant()})",
        _ => $"signature ({o.Scope.ToString().ToLowerInvariant()})",
    };

    private static string PagePath([CallerFilePath] string here = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, "..", "..", "..", "docs", "api", "endpoints.md"));
}
