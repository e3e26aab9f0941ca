using System.Diagnostics;
using System.Globalization;
using System.Text;
using CrossMargin.Model;
using CrossMargin.Wire.Tests.Durability;
using CrossMargin.Wire.Tests.Server;
using Xunit.Abstractions;

namespace CrossMargin.Wire.Tests.Hostile;

/// <summary>
/// Malformed, oversized, out-of-order and hostile requests and frames change nothing and break nothing. CROSSMARGIN_WIRE_REQUESTS says how
/// many, CROSSMARGIN_WIRE_SEED which.
/// </summary>
public sealed class HostileTests(ITestOutputHelper output)
{
    private const string Marker = "the-last-known-order";
    private const long Allowance = 64 << 20;

    [Fact]
    public async Task HostileInput_NoFault_NoGrowth_NothingChanges()
    {
        int count = Setting("CROSSMARGIN_WIRE_REQUESTS", 20_000);
        using var folder = new DataFolder();
        using (ServerProcess server = ServerProcess.Start(folder.Path, 0, "--traders", "0", "--limits", "off"))
        {
            using var http = new HttpClient { BaseAddress = server.Address };
            (TestAccount attacker, Victim victim, Func<Task<string>> state) = await PrepareAsync(http);
            string before = await state();
            long started = Stopwatch.GetTimestamp();

            var run = new HostileRun(server.Address, attacker, victim, Setting("CROSSMARGIN_WIRE_SEED", 20261122));
            await run.SendAsync(count / 2, 1);
            long half = server.ResidentBytes;
            await run.SendAsync(count / 2, 2);
            long whole = server.ResidentBytes;

            string figures = $"hostile input: {count} in {Stopwatch.GetElapsedTime(started).TotalSeconds:F1} s, "
                + $"{half >> 20} MiB after the first half, {whole >> 20} MiB at the end; {run.Tally}";
            output.WriteLine(figures);
            Console.WriteLine(figures);
            Assert.False(server.HasExited, server.Said);
            Assert.True(!run.Faults.Any(), string.Join(Environment.NewLine + Environment.NewLine, run.Faults));
            Assert.True(whole <= half + (half / 4) + Allowance, figures);
            Assert.Equal(before, await state());
            Assert.True(server.Stop() == 0, server.Said);
        }

        CheckJournal(folder.Path);
    }

    // Whatever a client's command says after the marker, it is refused.
    private static void CheckJournal(string folder)
    {
        bool seen = false;
        JournalCheck.Examine(folder, (command, events) =>
        {
            bool isClient = command.Kind is not (MessageKind.AdvanceTime or MessageKind.SetIndexPrice);
            if (seen && isClient)
            {
                foreach (Event e in events) Assert.True(e.Kind == EventKind.CommandRefused, $"{command.Kind} for {command.To} led to {e.Kind}");
            }

            if (command.Kind == MessageKind.PlaceOrder) seen |= command.Body<PlaceOrder>().ClientOrderId.ToString() == Marker;
        });
        Assert.True(seen, "the marker is not in the journal");
    }

    // An account with a position, an order, a conditional order and a listen key; and one for the attacker.
    private static async Task<(TestAccount Attacker, Victim Victim, Func<Task<string>> State)> PrepareAsync(HttpClient http)
    {
        var admin = new AdminClient(http);
        decimal price = await admin.HoldAsync("BTCUSDT");
        TestAccount attacker = await admin.OpenAsync("attacker", 10_000);
        TestAccount owner = await admin.OpenAsync("victim", 10_000);
        var client = new BinanceClient(http, owner.Key, owner.Secret);
        await MustAsync(client.SignedAsync(
            HttpMethod.Post, "/fapi/v1/order", ("symbol", "BTCUSDT"), ("side", "BUY"), ("type", "MARKET"), ("quantity", 0.1m)));
        WireAnswer algo = await MustAsync(client.SignedAsync(
            HttpMethod.Post, "/fapi/v1/algoOrder", ("algoType", "CONDITIONAL"), ("symbol", "BTCUSDT"), ("side", "SELL"), ("type", "STOP_MARKET"),
            ("quantity", 0.1m), ("triggerPrice", decimal.Round(price / 2)), ("workingType", "MARK_PRICE")));
        WireAnswer listen = await MustAsync(client.KeyedAsync(HttpMethod.Post, "/fapi/v1/listenKey"));
        WireAnswer order = await MustAsync(client.SignedAsync(
            HttpMethod.Post, "/fapi/v1/order", ("symbol", "BTCUSDT"), ("side", "BUY"), ("type", "LIMIT"), ("timeInForce", "GTC"), ("quantity", 0.01m),
            ("price", decimal.Round(price * 0.98m)), ("newClientOrderId", Marker)));
        var victim = new Victim(order.Body.Whole("orderId"), Marker, algo.Body.Whole("algoId"), listen.Body.Word("listenKey"));
        BinanceClient[] both = [client, new BinanceClient(http, attacker.Key, attacker.Secret)];
        return (attacker, victim, () => StateAsync(both));
    }

    // Everything of both accounts but what the clock and the mark move.
    private static async Task<string> StateAsync(BinanceClient[] clients)
    {
        var all = new StringBuilder();
        foreach (BinanceClient client in clients)
        {
            foreach (string path in (string[])["openOrders", "openAlgoOrders", "allOrders?symbol=BTCUSDT", "allAlgoOrders?symbol=BTCUSDT",
                "userTrades?symbol=BTCUSDT",
                "income", "symbolConfig", "accountConfig", "positionSide/dual"])
            {
                string[] parts = path.Split('?');
                (string, object)[] parameters = parts.Length == 1 ? [] : [("symbol", "BTCUSDT")];
                all.AppendLine((await MustAsync(client.GetAsync("/fapi/v1/" + parts[0], parameters))).Text);
            }

            foreach (var row in (await MustAsync(client.GetAsync("/fapi/v3/positionRisk"))).Body.EnumerateArray())
            {
                all.AppendLine($"{row.Word("symbol")} {row.Word("positionSide")} {row.Word("positionAmt")} "
                    + $"{row.Word("entryPrice")} {row.Word("isolatedWallet")}");
            }

            foreach (var row in (await MustAsync(client.GetAsync("/fapi/v3/balance"))).Body.EnumerateArray())
            {
                all.AppendLine($"{row.Word("asset")} {row.Word("balance")} {row.Word("crossWalletBalance")}");
            }
        }

        return all.ToString();
    }

    private static async Task<WireAnswer> MustAsync(Task<WireAnswer> call)
    {
        WireAnswer answer = await call;
        Assert.True(answer.IsSuccess, $"{answer}");
        return answer;
    }

    private static int Setting(string name, int usual) =>
        int.TryParse(Environment.GetEnvironmentVariable(name), CultureInfo.InvariantCulture, out int value) ? value : usual;
}
