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

        return text.ToString();
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
