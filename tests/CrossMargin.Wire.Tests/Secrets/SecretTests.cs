using System.Text;
using CrossMargin.Wire.Tests.Server;

namespace CrossMargin.Wire.Tests.Secrets;

/// <summary>What must stay secret is nowhere in clear: not in what the server says, not in its data folder.</summary>
public sealed class SecretTests
{
    [Fact]
    public async Task Secrets_AfterASession_AreNowhereInClear()
    {
        using var folder = new DataFolder();
        var secrets = new List<(string What, string Text)> { ("the admin token", ServerProcess.Token) };
        string said;
        using (ServerProcess server = ServerProcess.Start(folder.Path, 0, "--traders", "0"))
        {
            using var http = new HttpClient { BaseAddress = server.Address };
            await SessionAsync(http, secrets);
            Assert.Equal(0, server.Stop());
            said = server.Said;
        }

        foreach ((string what, string text) in secrets)
        {
            Assert.False(said.Contains(text, StringComparison.Ordinal), $"the server said {what}");
            foreach (string file in Directory.EnumerateFiles(folder.Path, "*", SearchOption.AllDirectories).Where(f => !IsKept(folder.Path, f)))
            {
                byte[] bytes = await File.ReadAllBytesAsync(file);
                foreach (byte[] form in Forms(text)) Assert.True(bytes.AsSpan().IndexOf(form) < 0, $"{what} is in {Path.GetFileName(file)}");
            }
        }
    }

    // Right calls, wrong ones, and such that break: none of them may be logged with what they carry.
    private static async Task SessionAsync(HttpClient http, List<(string What, string Text)> secrets)
    {
        var admin = new AdminClient(http);
        for (int i = 0; i < 3; i++)
        {
            TestAccount account = await admin.OpenAsync($"owner-{i}", 1_000);
            TestAccount second = await admin.WithKeyAsync(account, new { label = "second", scopes = (string[])["Read", "Trade"] });
            secrets.Add(($"secret {i}", account.Secret));
            secrets.Add(($"second secret {i}", second.Secret));
            var client = new BinanceClient(http, account.Key, account.Secret);
            var wrong = new BinanceClient(http, account.Key, second.Secret);
            foreach (BinanceClient one in (BinanceClient[])[client, wrong])
            {
                await one.GetAsync("/fapi/v3/account");
                await one.SignedAsync(HttpMethod.Post, "/fapi/v1/order", ("symbol", account.Secret), ("side", "BUY"));
                await one.KeyedAsync(HttpMethod.Get, $"/fapi/v1/{account.Secret}");
            }

            WireAnswer listen = await client.KeyedAsync(HttpMethod.Post, "/fapi/v1/listenKey");
            secrets.Add(($"listen key {i}", listen.Body.Word("listenKey")));
        }
    }

    // The keys that protect the rest, and the token file, are for their owner's eyes; see the folder's permissions.
    private static bool IsKept(string folder, string file)
    {
        string path = Path.GetRelativePath(folder, file);
        return path.StartsWith("keys" + Path.DirectorySeparatorChar, StringComparison.Ordinal) || path.Contains("token", StringComparison.Ordinal);
    }

    private static IEnumerable<byte[]> Forms(string text) =>
    [
        Encoding.UTF8.GetBytes(text),
        Encoding.Unicode.GetBytes(text),
        Encoding.ASCII.GetBytes(Convert.ToBase64String(Encoding.UTF8.GetBytes(text))),
        Encoding.ASCII.GetBytes(Convert.ToHexString(Encoding.UTF8.GetBytes(text))),
        Encoding.ASCII.GetBytes(Convert.ToHexStringLower(Encoding.UTF8.GetBytes(text))),
    ];
}
