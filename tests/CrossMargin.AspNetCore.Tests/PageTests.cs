using System.Text.Json.Nodes;

namespace CrossMargin.AspNetCore.Tests;

public sealed class PageTests
{
    [Fact]
    public async Task Document_HasEveryOperationWithASummaryAndItsBody()
    {
        await using TestApp app = await TestApp.StartAsync();
        JsonNode document = JsonNode.Parse(await app.Admin.GetStringAsync("/admin/v1/openapi.json"))!;
        JsonObject paths = document["paths"]!.AsObject();
        Assert.True(paths.Count >= 30, $"{paths.Count} paths");
        Assert.All(paths, p => Assert.StartsWith("/admin/v1/", p.Key, StringComparison.Ordinal));
        foreach ((string path, JsonNode? item) in paths)
        {
            foreach ((string method, JsonNode? operation) in item!.AsObject())
                Assert.False(string.IsNullOrEmpty((string?)operation!["summary"]), $"{method} {path}");
        }

        Assert.NotNull(paths["/admin/v1/accounts"]!["post"]!["requestBody"]!["content"]!["application/json"]!["schema"]);
        Assert.Null(paths["/admin/v1/simulator/pause"]!["post"]!["requestBody"]);
    }

    [Fact]
    public async Task Page_LoadsNothingFromElsewhere()
    {
        await using TestApp app = await TestApp.StartAsync();
        using HttpResponseMessage response = await app.Admin.GetAsync("/admin/");
        string html = await response.Content.ReadAsStringAsync();
        string policy = response.Headers.GetValues("Content-Security-Policy").Single();
        Assert.StartsWith("default-src 'none'", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("unsafe", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("http://", html, StringComparison.Ordinal);
        Assert.DoesNotContain("https://", html, StringComparison.Ordinal);
        Assert.DoesNotContain("__NONCE__", html, StringComparison.Ordinal);
        string nonce = policy.Split("'nonce-")[1].Split('\'')[0];
        Assert.Contains($"<script nonce=\"{nonce}\">", html, StringComparison.Ordinal);
        Assert.NotEqual(policy, (await app.Admin.GetAsync("/admin/")).Headers.GetValues("Content-Security-Policy").Single());
    }
}
