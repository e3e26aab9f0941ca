using System.Net.Http.Headers;
using CrossMargin.Gateway.Security;

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
    public async Task Body_TooLarge_Is413()
    {
        await using AdminHost host = await AdminHost.StartAsync(_folder.Path);
        await host.PostAsync("/admin/v1/accounts", new { name = new string('x', 300_000) }, 413);
        await host.PostAsync("/admin/v1/simulator/pause", null, 501);
    }

    public void Dispose() => _folder.Dispose();
}
