using System.Net;
using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using CrossMargin.Gateway.Admin;
using CrossMargin.Gateway.Binance.Streams;
using CrossMargin.Gateway.Security;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;

namespace CrossMargin.Gateway.Tests.Admin;

public sealed class AccessTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public static TheoryData<string, string> Operations => new()
    {
        { "GET", "/admin/v1/accounts" }, { "POST", "/admin/v1/accounts" }, { "GET", "/admin/v1/accounts/1/keys" },
        { "POST", "/admin/v1/simulator/pause" }, { "GET", "/admin/v1/fund" }, { "GET", "/admin/v1/leaderboard" },
        { "GET", "/admin/v1/accounts/1/statement" }, { "DELETE", "/admin/v1/accounts/1/keys/x" },
    };

    [Fact]
    public async Task EveryOperation_WithoutTheToken_Is401AndDoesNothing()
    {
        await using AdminHost host = await AdminHost.StartAsync(_folder.Path);
        JsonNode made = await host.PostAsync("/admin/v1/accounts", new { name = "Ada", deposit = "10" }, 201);
        string[] open = ["/admin/v1/openapi.json"];
        RouteEndpoint[] operations =
        [
            .. host.Service<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
                .Where(e => e.RoutePattern.RawText!.StartsWith(AdminRoutes.Prefix, StringComparison.Ordinal) && !open.Contains(e.RoutePattern.RawText)),
        ];
        Assert.True(operations.Length >= 40, $"{operations.Length} operations");
        string before = (await host.GetAsync("/admin/v1/accounts")).ToJsonString();
        int asked = 0;
        foreach (RouteEndpoint operation in operations)
        {
            string path = operation.RoutePattern.RawText!.Replace("{number:long}", "1").Replace("{id:long}", "1").Replace("{symbol}", "AAAUSDT")
                .Replace("{apiKey}", (string)made["key"]!["apiKey"]!).Replace("{id}", "x");
            foreach (string? token in new[] { null, (string)made["key"]!["apiKey"]!, (string)made["key"]!["secret"]! })
            {
                string method = operation.Metadata.GetMetadata<HttpMethodMetadata>()!.HttpMethods[0];
                int status = await StatusAsync(host, new IPAddress(0x0A000000 + asked++), method, path, token);
                Assert.True(status == 401, $"{method} {path}: {status}");
            }
        }

        Assert.Equal(before, (await host.GetAsync("/admin/v1/accounts")).ToJsonString());
    }

    [Theory]
    [MemberData(nameof(Operations))]
    public async Task WithoutOrWithAWrongToken_Is401(string method, string path)
    {
        await using AdminHost host = await AdminHost.StartAsync(_folder.Path);
        foreach (string? token in new[] { null, "wrong", AdminHost.Token + "x", AdminHost.Token[..^1] })
        {
            using HttpClient client = host.Stranger();
            if (token is not null) client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
            using var request = new HttpRequestMessage(new HttpMethod(method), path);
            using HttpResponseMessage response = await client.SendAsync(request);
            Assert.Equal(401, (int)response.StatusCode);
            Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        }
    }

    [Fact]
    public async Task TenWrongTokens_AddressWaits()
    {
        await using AdminHost host = await AdminHost.StartAsync(_folder.Path);
        using HttpClient client = host.Stranger();
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", "wrong");
        for (int i = 0; i < FailedAttempts.MostInAWindow; i++) Assert.Equal(401, (int)(await client.GetAsync("/admin/v1/fund")).StatusCode);
        using HttpResponseMessage response = await client.GetAsync("/admin/v1/fund");
        Assert.Equal(429, (int)response.StatusCode);
        Assert.True(response.Headers.RetryAfter!.Delta > TimeSpan.Zero);
        Assert.Equal(429, (int)(await host.Client.GetAsync("/admin/v1/fund")).StatusCode);
    }

    [Fact]
    public void FailedAttempts_FromANetworkOfOneClient_AreCountedTogether()
    {
        var attempts = new FailedAttempts(TimeProvider.System);
        var connections = new ConnectionTable(new StreamOptions { MaxConnectionsPerAddress = 2 });
        for (int i = 0; i < FailedAttempts.MostInAWindow; i++) attempts.Failed(IPAddress.Parse($"2001:db8:1:2::{i:x}"));
        Assert.NotNull(attempts.Wait(IPAddress.Parse("2001:db8:1:2:ffff::1")));
        Assert.Null(attempts.Wait(IPAddress.Parse("2001:db8:1:3::1")));
        for (int i = 0; i < 2; i++) Assert.NotNull(connections.TryEnter(IPAddress.Parse($"2001:db8:1:2::{i:x}"), out _));
        Assert.Null(connections.TryEnter(IPAddress.Parse("2001:db8:1:2::9"), out string refusal));
        Assert.StartsWith("Too many connections from this address", refusal, StringComparison.Ordinal);
        Assert.NotNull(connections.TryEnter(IPAddress.Parse("::ffff:10.0.0.1"), out _));
    }

    [Fact]
    public void OfFolder_TwoTimes_SameTokenOnlyForItsOwner()
    {
        var first = AdminToken.OfFolder(_folder.Path);
        var second = AdminToken.OfFolder(_folder.Path);
        Assert.True(second.Matches(first.Reveal()));
        Assert.False(second.Matches(first.Reveal() + "x"));
        Assert.DoesNotContain(first.Reveal(), first.ToString(), StringComparison.Ordinal);
        if (!OperatingSystem.IsWindows()) Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(first.File!));
        Assert.Throws<ArgumentException>(() => AdminToken.Given("short"));
    }

    [Fact]
    public void OfFolder_FileLeftEmptyOrSpoiled_IsMadeAnewOrNamed()
    {
        string file = Path.Combine(_folder.Path, AdminToken.FileName);
        File.WriteAllText(file, "");
        var token = AdminToken.OfFolder(_folder.Path);
        Assert.True(AdminToken.OfFolder(_folder.Path).Matches(token.Reveal()));
        if (!OperatingSystem.IsWindows()) Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
        Assert.Equal([file], Directory.GetFiles(_folder.Path));
        File.WriteAllText(file, "spoiled");
        Assert.Contains(file, Assert.Throws<IOException>(() => AdminToken.OfFolder(_folder.Path)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Document_AskedForAgain_IsNotMadeAgain()
    {
        int made = 0;
        await using AdminHost host = await AdminHost.StartAsync(_folder.Path, services => services.Configure<OpenApiOptions>(
            "crossmargin-admin", options => options.AddDocumentTransformer((_, _, _) => Task.FromResult(made++))));
        using HttpClient client = host.Stranger();
        string first = await client.GetStringAsync("/admin/v1/openapi.json");
        Assert.Equal(first, await client.GetStringAsync("/admin/v1/openapi.json"));
        Assert.Equal(1, made);
    }

    [Fact]
    public async Task Body_TooLarge_Is413()
    {
        await using AdminHost host = await AdminHost.StartAsync(_folder.Path);
        await host.PostAsync("/admin/v1/accounts", new { name = new string('x', 300_000) }, 413);
        await host.PostAsync("/admin/v1/simulator/pause", null, 501);
    }

    public void Dispose() => _folder.Dispose();

    // Each from an address of its own: who has guessed too often is not even heard.
    private static async Task<int> StatusAsync(AdminHost host, IPAddress address, string method, string path, string? token)
    {
        HttpContext answered = await ((TestServer)host.Service<IServer>()).SendAsync(context =>
        {
            (context.Request.Method, context.Request.Path, context.Connection.RemoteIpAddress) = (method, path, address);
            if (token is not null) context.Request.Headers.Authorization = "Bearer " + token;
        });
        return answered.Response.StatusCode;
    }
}
