using CrossMargin.Embedded.Audit;
using CrossMargin.Embedded.Engine;
using CrossMargin.Embedded.Journal;
using CrossMargin.Embedded.Tests.Journal;
using CrossMargin.Model;
using CrossMargin.TestKit;

namespace CrossMargin.Embedded.Tests.Engine;

public sealed class RealExchangeTests
{
    private const int Commands = 6_000;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    public void Execute_RandomCommands_KeepsInvariants1To4(ulong seed)
    {
        VenueProfile profile = TestProfiles.Simple();
        var engine = new ExchangeEngine(profile);
        var commands = new RandomExchange(profile, seed);
        int[] kinds = new int[256];
        for (int i = 0; i < Commands; i++)
        {
            engine.Execute(commands.Next(i));
            foreach (Event e in engine.Events) kinds[(int)e.Kind]++;
            if (i % 20 == 0) InvariantAudit.Check(engine);
        }

        AuditFigures figures = InvariantAudit.Check(engine);
        Assert.Equal(60, figures.Accounts);
        Assert.True(figures.Assets[0].Fees > 0, figures.ToString());
        // The stream is worth something only if these happened.
        Assert.True(kinds[(int)EventKind.Traded] > 500, "too few trades");
        Assert.True(kinds[(int)EventKind.LiquidationStarted] > 5, "too few liquidations");
        Assert.True(kinds[(int)EventKind.FundingSettled] > 0, "no funding");
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public void Replay_FromAnySnapshot_GivesTheSameHash(ulong seed)
    {
        VenueProfile profile = TestProfiles.Simple();
        using var directory = new TempDirectory();
        var engine = new ExchangeEngine(profile);
        var commands = new RandomExchange(profile, seed);
        var images = new List<SnapshotImage>();
        using ExchangeJournal journal = ExchangeJournal.Create(directory.Path, profile.Source, "{}").OrThrow();
        for (int i = 0; i < Commands; i++)
        {
            Command command = commands.Next(i);
            journal.Append(command);
            engine.Execute(command);
            if (i % 500 == 499) images.Add(SnapshotImage.Of(engine));
        }

        journal.WaitForCommit(Commands);
        string hash = engine.StateHash();
        foreach (SnapshotImage image in images)
        {
            var copy = new ExchangeEngine(profile);
            Assert.Null(JournalReplay.Restore(copy, journal.Path, image));
            Assert.Equal(image.Hash(), copy.StateHash());
            using JournalCursor cursor = journal.Read(copy.Sequence);
            while (cursor.MoveNext()) copy.Execute(cursor.Current);
            Assert.Null(cursor.Error);
            Assert.Equal(hash, copy.StateHash());
        }
    }

    [Fact]
    public void Examine_OneUnitTooMuch_NamesInvariant1AndItsTerms()
    {
        VenueProfile profile = TestProfiles.Simple();
        var engine = new ExchangeEngine(profile);
        engine.Execute(Command.For(default, new AccountId(1), new CommandId(1), default(OpenAccount)));
        engine.Execute(Command.For(default, new AccountId(1), new CommandId(2), new Deposit { Amount = Amount.FromWhole(5) }));
        Assert.True(InvariantAudit.Examine(engine).IsSound);

        ((CrossMargin.Engine.Accounts.AccountActor)engine.FindAccount(new AccountId(1))!).State.AddToBalance(AssetId.Settlement, new Amount(1), default);

        AuditFigures figures = InvariantAudit.Examine(engine);
        Assert.Equal(1, figures.Assets[0].Difference);
        Assert.Contains("difference 0.00000001", Assert.Single(figures.Violations), StringComparison.Ordinal);
        Assert.Contains("deposits", Assert.Throws<InvariantViolation>(() => InvariantAudit.Check(engine)).Message, StringComparison.Ordinal);
    }
}
