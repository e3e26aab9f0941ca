using CrossMargin.Engine.Tests.Exchange;
using CrossMargin.Model;
using CrossMargin.TestKit;

namespace CrossMargin.Engine.Tests.Liquidation;

/// <summary>One asking for many rounds gives what an asking for each would have given, where no price moves between them.</summary>
public sealed class GatheredRoundsProperties
{
    public static TheoryData<int> Variants => [.. Enumerable.Range(0, VenueVariants.All.Count)];

    [Theory]
    [MemberData(nameof(Variants))]
    public void Prop_GatheredRounds_EndAsRoundsOneByOne(int variant)
    {
        int closings = 0;
        int shared = 0;
        int left = 0;
        int queries = 0;
        int queriesOneByOne = 0;
        Seeds.Run(4, seed =>
        {
            VenueProfile profile = VenueVariants.Profile(variant);
            int most = seed % 3 == 0 ? 5 : 256;
            DeleverageRig gathered = Rig(profile, seed, most, out var requests);
            gathered.RestartEvery = seed % 2 == 0 ? 7 : 0;
            gathered.Serve(requests);

            DeleverageRig single = Rig(profile, seed, 1, out _);
            single.Serve(InOrder(gathered, requests));

            Assert.Equal(requests.Count, gathered.Rounds.Count);
            for (int i = 0; i < requests.Count; i++)
            {
                RigRound expected = single.Rounds[i];
                RigRound actual = gathered.Rounds[i];
                Assert.Equal(
                    (i, expected.Bankrupt, expected.Liquidation, expected.Size, expected.Leaves),
                    (i, actual.Bankrupt, actual.Liquidation, actual.Size, actual.Leaves));
                Assert.Equal(expected.Closed, actual.Closed);
            }

            Assert.Equal(single.State(), gathered.State());
            (queries, queriesOneByOne) = (queries + gathered.Queries, queriesOneByOne + single.Queries);
            closings += gathered.Rounds.Sum(r => r.Closed.Count);
            left += gathered.Rounds.Count(r => !r.Leaves.IsZero);
            shared += gathered.Rounds.SelectMany(r => r.Closed).GroupBy(c => (c.Account, c.Side)).Count(g => g.Count() > 1);
        });
        Assert.True(queries * 2 < queriesOneByOne, $"{queries} queries, {queriesOneByOne} one by one");
        Assert.True(
            closings > 30 && shared > 10 && (left > 10 || variant != 0), $"{closings} closings, {shared} holders of many, {left} rounds with a rest");
    }

    private static DeleverageRig Rig(VenueProfile profile, ulong seed, int most, out List<(AccountId Account, StartDeleverage Request)> requests)
    {
        var rig = new DeleverageRig(profile, seed, most);
        rig.Fill();
        requests = rig.Requests();
        return rig;
    }

    /// <summary>In the order in which they were served: an asking takes those of one side.</summary>
    private static IEnumerable<(AccountId Account, StartDeleverage Request)> InOrder(
        DeleverageRig served, List<(AccountId Account, StartDeleverage Request)> requests) =>
        served.Rounds.Select(r => requests.Single(q => q.Account == r.Bankrupt && q.Request.Liquidation == r.Liquidation));
}
