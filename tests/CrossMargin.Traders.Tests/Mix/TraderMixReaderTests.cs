using CrossMargin.Model;

namespace CrossMargin.Traders.Tests;

public sealed class TraderMixReaderTests
{
    private const string Good = """
        strategies:
          - name: noise
            share: "0.75"
            deposit: {min: "100", max: "200.5"}
            markets: [AAAUSDT, CCCUSDT]
            fees: {maker: "-0.0001", taker: "0.0004"}
            parameters:
              long-bias: "0.25..0.5"
              interval: "7"
          - name: momentum
            share: 0.25
            deposit: {min: 100, max: 100}
        """;

    [Fact]
    public void Read_GoodMix_GivesWhatItSays()
    {
        TraderMixResult result = TraderMixReader.Read(Good, "a.yaml");
        Assert.Null(result.Error);
        StrategyShare noise = result.Mix!.Strategies[0];
        Assert.Equal("noise", noise.Strategy.Name);
        Assert.Equal(new Rate(75_000_000), noise.Share);
        Assert.Equal(new Amount(200_50000000), noise.DepositMax);
        Assert.Equal(["AAAUSDT", "CCCUSDT"], noise.Markets);
        Assert.Equal(new Rate(-10_000), noise.MakerFee);
        Assert.Equal(new ParameterRange(25_000_000, 50_000_000), noise.Parameters[noise.Strategy.IndexOf("long-bias")]);
        Assert.Equal(new ParameterRange(7, 7), noise.Parameters[noise.Strategy.IndexOf("interval")]);
        StrategyShare momentum = result.Mix.Strategies[1];
        Assert.Null(momentum.TakerFee);
        Assert.Equal(125, momentum.Parameters[momentum.Strategy.IndexOf("leverage")].Low);
    }

    [Theory]
    [InlineData("name: noise", "name: noisy", "a.yaml:2: strategy: unknown strategy \"noisy\"")]
    [InlineData("share: \"0.75\"", "share: \"0.7\"", "a.yaml:2: the shares add up to 0.95, not to 1")]
    [InlineData("share: \"0.75\"", "share: \"0.x\"", "a.yaml:3: strategy: \"share\": \"0.x\" is no number")]
    [InlineData("share: \"0.75\"", "shard: \"0.75\"", "a.yaml:3: strategy: unknown key \"shard\"")]
    [InlineData("share: \"0.75\"", "count: \"2.5\"", "a.yaml:3: strategy: \"count\": \"2.5\" is no number without decimals")]
    [InlineData("max: \"200.5\"", "max: \"99\"", "a.yaml:4: deposit: the largest deposit 99 is below the smallest 100")]
    [InlineData(", max: \"200.5\"", "", "a.yaml:4: deposit: \"max\" is missing")]
    [InlineData(
        "long-bias: \"0.25..0.5\"", "long-bias: \"0.5..0.25\"",
        "a.yaml:8: noise parameters: \"long-bias\": the range \"0.5..0.25\" runs backwards")]
    [InlineData("long-bias: \"0.25..0.5\"", "long-bias: \"1.5\"", "a.yaml:8: noise parameters: \"long-bias\": 1.5 is not in 0..1")]
    [InlineData("long-bias: \"0.25..0.5\"", "bias: \"1\"", "a.yaml:8: noise parameters: unknown key \"bias\"")]
    [InlineData("interval: \"7\"", "interval: \"0\"", "a.yaml:9: noise parameters: \"interval\": 0 is not in 1..1000000")]
    [InlineData("[AAAUSDT, CCCUSDT]", "[AAAUSDT, AAAUSDT]", "a.yaml:5: market \"AAAUSDT\" is named twice")]
    [InlineData("interval: \"7\"", "interval: [", "a.yaml:")]
    [InlineData("strategies:", "strategy:", "a.yaml:1: a.yaml: unknown key \"strategy\"")]
    public void Read_BadMix_NamesLineAndValue(string good, string bad, string error)
    {
        TraderMixResult result = TraderMixReader.Read(Good.Replace(good, bad, StringComparison.Ordinal), "a.yaml");
        Assert.Null(result.Mix);
        Assert.StartsWith(error, result.Error, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', result.Error!);
    }

    [Fact]
    public void Read_SameKeyTwice_IsRefused()
    {
        string twice = Good.Replace("interval: \"7\"", "long-bias: \"0.1\"", StringComparison.Ordinal);
        TraderMixResult result = TraderMixReader.Read(twice, "a.yaml");
        Assert.NotNull(result.Error);
    }

    [Fact]
    public void Default_Mix_HasEveryStrategyAndNamesEveryParameter()
    {
        string text = TraderMix.DefaultText();
        foreach (StrategyDefinition strategy in StrategyCatalog.All)
        {
            Assert.Contains(TraderMix.Default.Strategies, s => s.Strategy == strategy);
            string section = text[text.IndexOf($"name: {strategy.Name}\n", StringComparison.Ordinal)..];
            int end = section.IndexOf("- name:", StringComparison.Ordinal);
            if (end > 0) section = section[..end];
            foreach (ParameterSpec parameter in strategy.Parameters) Assert.Contains($"      {parameter.Name}: ", section);
        }
    }
}
