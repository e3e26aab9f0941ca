using CrossMargin.TestKit;

namespace CrossMargin.Model.Tests.Profiles;

public sealed class VenueProfileReaderTests
{
    [Theory]
    [InlineData("""{"surprise":1}""", "\"surprise\" is not a known field; known: name, settlementAsset,")]
    [InlineData("""{"takerFee":null}""", "takerFee: is missing")]
    [InlineData("""{"takerFee":"0,0005"}""", "takerFee: \"0,0005\" is not a decimal string from 0 to 0.1, exact in 1e-8")]
    [InlineData("""{"takerFee":0.0005}""", "takerFee: 0.0005 is not a decimal string")]
    [InlineData("""{"takerFee":"0.000000005"}""", "takerFee: \"0.000000005\" is not a decimal string")]
    [InlineData("""{"makerFee":"-0.0006"}""", "makerFee: the rebate 0.0006 is larger than the taker fee 0.0005")]
    [InlineData("""{"profitShare":"1.1"}""", "profitShare: \"1.1\" is not a decimal string from 0 to 1")]
    [InlineData("""{"defaultLeverage":60}""", "defaultLeverage: 60 is above the 50 that CCCUSDT's first tier allows")]
    [InlineData("""{"defaultLeverage":"20"}""", "defaultLeverage: \"20\" is not a whole number from 1 to 1000")]
    [InlineData("""{"tiers":"steep"}""", "tiers: \"steep\" is not one of marginal, flat")]
    [InlineData("""{"name":"a b"}""", "name: \"a b\" is not a name")]
    [InlineData("""{"liquidation":{"policy":"Half"}}""",
        "liquidation.policy: \"Half\" is not one of ReduceUntilSound, TierStepDown, SmallestFirst, WholeAccount")]
    [InlineData("""{"liquidation":{"policy":1}}""", "liquidation.policy: 1 is not one of")]
    [InlineData("""{"liquidation":{"staleAfter":"60"}}""", "liquidation.staleAfter: \"60\" is not a duration like")]
    [InlineData("""{"liquidation":{"staleAfter":"1ms"}}""", "liquidation.staleAfter: \"1ms\" is not a duration")]
    [InlineData("""{"liquidation":{"anyPrice":"no"}}""", "liquidation.anyPrice: \"no\" is not true or false")]
    [InlineData("""{"liquidation":[]}""", "liquidation: an array is not an object")]
    [InlineData("""{"fund":null}""", "fund: is missing")]
    [InlineData("""{"fund":{"initialBalance":"-1"}}""", "fund.initialBalance: \"-1\" is not a decimal string of at least 0")]
    [InlineData("""{"collateral":{"sellBelow":"1"}}""", "collateral.sellBelow: \"1\" is not a decimal string of at most 0")]
    [InlineData("""{"assumed":["fund.colour"]}""", "assumed[0]: \"fund.colour\" is not the name of a field")]
    [InlineData("""{"defaults":{"assumed":["funding.cap","x"]}}""", "defaults.assumed[1]: \"x\" is not the name of a field")]
    [InlineData("""{"defaults":{"colour":"red"}}""", "defaults: \"colour\" is not a known field")]
    [InlineData("""{"defaults":{"priceBand":"1"}}""", "defaults.priceBand: \"1\" is not a decimal string above 0 and below 1")]
    [InlineData("""{"defaults":{"funding":{"interval":"7h"}}}""", "funding.interval: 25200000 ms does not divide a day")]
    [InlineData("""{"defaults":{"funding":{"basisSampleEvery":"151s"}}}""",
        "basisSampleEvery: 151000 ms is longer than basisWindow, 150000 ms")]
    [InlineData("""{"defaults":{"house":{"levels":100,"levelStep":"0.01"}}}""", "house.levels: the ladder reaches 1.001 of the index")]
    [InlineData("""{"markets":[]}""", "markets: an array is not an array of 1 to 1000 markets")]
    public void Read_FaultOfTheProfile_IsNamedWithPathAndValue(string patch, string expected) => AssertFault(patch, expected);

    [Theory]
    [InlineData("""{"symbol":"AAAUSDT"}""", "markets[1].symbol: \"AAAUSDT\" is already the symbol of markets[0]")]
    [InlineData("""{"colour":"red"}""", "markets[1]: \"colour\" is not a known field")]
    [InlineData("""{"quote":"USDC"}""", "markets[1].quote: \"USDC\" is not the settlement asset USDT")]
    [InlineData("""{"tick":null}""", "markets[1].tick: is missing")]
    [InlineData("""{"lot":"0"}""", "markets[1].lot: \"0\" is not a decimal string above 0")]
    [InlineData("""{"lot":"0.0000001"}""", "markets[1]: tick 0.01 × lot 0.0000001 is not a whole number of 1e-8")]
    [InlineData("""{"tick":"0.5","lot":"0.00000002"}""",
        "markets[1]: tick 0.5 is not a multiple of the price unit 1 that lot 0.00000002 asks for")]
    [InlineData("""{"minPrice":"0.015"}""", "markets[1].minPrice: \"0.015\" is not a decimal string above 0 and a whole number of ticks")]
    [InlineData("""{"minPrice":"200000"}""", "markets[1].minPrice: 200000 is above maxPrice 100000")]
    [InlineData("""{"minQuantity":"0.005"}""",
        "markets[1].minQuantity: \"0.005\" is not a decimal string above 0 and a whole number of lots")]
    [InlineData("""{"minQuantity":"10001"}""", "markets[1].minQuantity: 10001 is above maxQuantity 10000")]
    [InlineData("""{"maxMarketQuantity":"10001"}""",
        "markets[1].maxMarketQuantity: 10001 is not between minQuantity 0.01 and maxQuantity 10000")]
    [InlineData("""{"maxQuantity":"1000000"}""",
        "markets[1].maxQuantity: 1000000 at maxPrice 100000 is more than the largest amount, 92233720368.54775807")]
    [InlineData("""{"maxOpenOrders":0}""", "markets[1].maxOpenOrders: 0 is not a whole number from 1 to 10000")]
    [InlineData("""{"funding":{"rate":"1"}}""", "markets[1].funding: \"rate\" is not a known field")]
    [InlineData("""{"assumed":["ticks"]}""", "markets[1].assumed[0]: \"ticks\" is not the name of a field")]
    [InlineData("""{"cap":"200000"}""", "tiers: the cap 200000 lies below the last floor 250000")]
    [InlineData("""{"tiers":{}}""", "markets[1].tiers: an object is not an array of 1 to 100 tiers")]
    [InlineData("""{"tiers":[["0","0.005"]]}""", "markets[1].tiers[0]: an array is not a tier")]
    [InlineData("""{"tiers":[["0","0.005","0",100],["50000","0.01","251",50]]}""",
        "markets[1].tiers: tier 2: deduction 251 leaves a jump at 50000; continuity asks for 250")]
    [InlineData("""{"tiers":[["0","0.005",100],["50000","0.01",50],["20000","0.02",20]]}""",
        "markets[1].tiers: tier 3: floor 20000 is not above")]
    [InlineData("""{"tiers":[["0","0.005",100],["50000","1.5",50]]}""", "markets[1].tiers[1]: \"1.5\" is not a maintenance rate")]
    [InlineData("""{"tiers":[["0","0.005",100],["x","0.01",50]]}""", "markets[1].tiers[1]: \"x\" is not a floor")]
    [InlineData("""{"tiers":[["0","0.005","100"]]}""", "markets[1].tiers[0]: \"100\" is not a maximum leverage")]
    [InlineData("""{"tiers":[["0","0.05",100]]}""", "markets[1].tiers[0]: rate 0.05 × maximum leverage 100 is above 1")]
    [InlineData("""{"tiers":[["10","0.005",100]]}""", "markets[1].tiers: the first tier's floor is 10, not 0")]
    [InlineData("""{"tiers":[{"floor":"0","rate":"0.005","maxLeverage":100,"colour":"red"}]}""",
        "markets[1].tiers[0]: \"colour\" is not a known field")]
    [InlineData("""{"tiers":[{"floor":"0","maxLeverage":100}]}""", "markets[1].tiers[0].rate: is missing")]
    public void Read_FaultOfAMarket_IsNamedWithPathAndValue(string market, string expected) =>
        AssertFault("""{"markets":{"BBBUSDT":""" + market + "}}", expected);

    [Theory]
    [InlineData("""[{"name":"AAA","market":"XUSDT","slices":[["1","1"]]}]""",
        "collateral.assets[0].market: \"XUSDT\" is no market of this profile")]
    [InlineData("""[{"name":"AAA","market":"BBBUSDT","slices":[["1","1"]]}]""",
        "collateral.assets[0].market: \"BBBUSDT\" prices BBB, not AAA")]
    [InlineData("""[{"name":"USDT","market":"AAAUSDT","slices":[["1","1"]]}]""",
        "collateral.assets[0].name: \"USDT\" is the settlement asset")]
    [InlineData("""[{"name":"AAA","market":"AAAUSDT","slices":[]}]""", "collateral.assets[0].slices: an array is not an array of slices")]
    [InlineData("""[{"name":"AAA","market":"AAAUSDT","slices":[["10","0.9"],["10","0.8"]]}]""",
        "collateral.assets[0].slices[1]: upTo 10 is not above the previous 10")]
    [InlineData("""[{"name":"AAA","market":"AAAUSDT","slices":[["10","0.9"],["20","0.95"]]}]""",
        "slices[1]: ratio 0.95 is above the previous 0.9")]
    [InlineData("""[{"name":"AAA","market":"AAAUSDT","slices":[["10","0"]]}]""", "slices[0]: [\"10\",\"0\"] is not a slice")]
    [InlineData("""[{"name":"AAA","market":"AAAUSDT","slices":[["1","1"]]},{"name":"AAA","market":"AAAUSDT","slices":[["1","1"]]}]""",
        "collateral.assets[1].name: \"AAA\" is listed twice")]
    public void Read_FaultOfACollateralAsset_IsNamedWithPathAndValue(string assets, string expected) =>
        AssertFault("""{"collateral":{"assets":""" + assets + "}}", expected);

    [Theory]
    [InlineData("", "test: no valid JSON")]
    [InlineData("{\"name\":\n", "test: no valid JSON")]
    [InlineData("7", "test: 7 is not a profile")]
    [InlineData("{\"name\":\"a\",\"name\":\"b\"}", "test: no valid JSON")]
    [InlineData("{\"name\":\"\\ud800\"}", "half of a surrogate pair")]
    [InlineData("[[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]]", "test: no valid JSON")]
    public void Read_TextThatIsNoProfile_GivesOneLine(string json, string expected)
    {
        ProfileReadResult result = VenueProfileReader.Read(json, "test");

        Assert.False(result.IsValid);
        Assert.Contains(expected, Assert.Single(result.Errors));
        Assert.DoesNotContain(result.Errors, e => e.Any(char.IsControl));
    }

    [Fact]
    public void Read_SeveralFaults_ReportsEachOnce()
    {
        string json = TestProfiles.Text("simple", """{"takerFee":"x","profitShare":"2","defaults":{"jumpBand":"7"}}""");

        ProfileReadResult result = VenueProfileReader.Read(json, "test");

        Assert.Equal(3, result.Errors.Count);
        Assert.Null(result.Profile);
    }

    [Fact]
    public void Read_LongValue_IsCutInTheError()
    {
        string json = TestProfiles.Text("simple", $$"""{"takerFee":"{{new string('9', 5000)}}"}""");

        Assert.True(Assert.Single(VenueProfileReader.Read(json, "test").Errors).Length < 200);
    }

    [Fact]
    public void Read_TierObjects_EqualTierArrays()
    {
        VenueProfile profile = TestProfiles.Simple("""
            {"markets":{"CCCUSDT":{"tiers":[
              {"floor":"0","rate":"0.01","maxLeverage":50},
              {"floor":"50000","rate":"0.025","deduction":"750","maxLeverage":20}
            ]}}}
            """);

        Assert.Equal(TestProfiles.Simple().Markets[2].Tiers.Tiers.ToArray(), profile.Markets[2].Tiers.Tiers.ToArray());
    }

    [Fact]
    public void Read_MarketStatesAField_DefaultsAssumptionOfItIsDropped()
    {
        VenueProfile profile = TestProfiles.Simple("""
            {"defaults":{"assumed":["funding.cap","jumpBand"]},
             "markets":{"AAAUSDT":{"funding":{"cap":"0.02"}},"BBBUSDT":{"assumed":["tick"]}}}
            """);

        Assert.Equal(["jumpBand"], profile.Markets[0].Assumed);
        Assert.Equal(["tick", "funding.cap", "jumpBand"], profile.Markets[1].Assumed);
        Assert.Equal(new Rate(2_000_000), profile.Markets[0].Funding.Cap);
        Assert.Equal(new Rate(1_000_000), profile.Markets[1].Funding.Cap);
    }

    [Fact]
    public void Prop_Read_DamagedText_NeverThrowsAndSaysWhy()
    {
        string json = TestProfiles.Text("simple");
        var random = new Random(20210519);
        const string Pieces = "{}[]\",:0-9.e\\u0000null ";
        for (int i = 0; i < 3000; i++)
        {
            int at = random.Next(json.Length);
            int cut = random.Next(0, 12);
            string piece = Pieces.Substring(random.Next(Pieces.Length), 1);
            string damaged = json[..at] + piece + json[Math.Min(json.Length, at + cut)..];
            ProfileReadResult result = VenueProfileReader.Read(damaged, "test");
            Assert.Equal(result.IsValid, result.Errors.Count == 0);
            Assert.All(result.Errors, e => Assert.True(e.StartsWith("test: ", StringComparison.Ordinal) && !e.Any(char.IsControl), e));
        }
    }

    private static void AssertFault(string patch, string expected)
    {
        ProfileReadResult result = VenueProfileReader.Read(TestProfiles.Text("simple", patch), "test");

        Assert.False(result.IsValid);
        Assert.True(result.Errors.Any(e => e.Contains(expected, StringComparison.Ordinal)),
            string.Join(Environment.NewLine, result.Errors));
    }
}
