using CrossMargin.Model;
using CrossMargin.TestKit;
using CrossMargin.TestKit.Exchange;

namespace CrossMargin.Engine.Tests.Exchange;

/// <summary>The properties bite: a fault planted between sender and receiver is found, and named by its invariant's number.</summary>
public sealed class PlantedFaultTests
{
    [Theory]
    [InlineData(MessageKind.Fill, 1)]
    [InlineData(MessageKind.FundingPayment, 1)]
    [InlineData(MessageKind.LiquidationProceeds, 1)]
    [InlineData(MessageKind.ShortfallPaid, 4)]
    public void Amount_OneUnitMoreThanWasBooked_BreaksInvariant1(MessageKind kind, int variant)
    {
        ScrambledHost host = Host(variant);
        host.Tamper = m => m.Kind == kind ? OneUnitMore(m) : m;
        AssertBroken(host, "1: ", variant);
    }

    [Fact]
    public void Fill_OneLotLessThanWasTraded_BreaksInvariant1Or2()
    {
        ScrambledHost host = Host();
        host.Tamper = m =>
        {
            if (m.Kind != MessageKind.Fill || m.Body<Fill>().Quantity.Lots < 2) return m;
            Fill fill = m.Body<Fill>();
            fill.Quantity -= new Quantity(1);
            m.Set(fill);
            return m;
        };
        AssertBroken(host, "");
    }

    [Fact]
    public void Message_LeftAsItIs_BreaksNothing()
    {
        // The control: tampering as such is not what the other tests find.
        ScrambledHost host = Host();
        host.Tamper = m => m;
        ScrambledProperties.Run(host, 1, 5, () => { });
    }

    [Fact]
    public void Release_ThatIsLost_LeavesTheExchangeNotAtRest()
    {
        ScrambledHost host = Host(6);
        host.Tamper = m => m.Kind == MessageKind.DeleverageRelease ? WithoutRound(m) : m;
        AssertBroken(host, "at rest", 6);
    }

    private static ScrambledHost Host(int variant = 1) => new(VenueVariants.Profile(variant), 5);

    private static Message OneUnitMore(Message message)
    {
        switch (message.Kind)
        {
            case MessageKind.Fill:
                Fill fill = message.Body<Fill>();
                fill.Fee += new Amount(1);
                message.Set(fill);
                return message;
            case MessageKind.FundingPayment:
                FundingPayment payment = message.Body<FundingPayment>();
                payment.Amount += new Amount(1);
                message.Set(payment);
                return message;
            case MessageKind.LiquidationProceeds:
                LiquidationProceeds proceeds = message.Body<LiquidationProceeds>();
                proceeds.Fee += new Amount(1);
                message.Set(proceeds);
                return message;
            default:
                ShortfallPaid paid = message.Body<ShortfallPaid>();
                paid.Amount += new Amount(1);
                message.Set(paid);
                return message;
        }
    }

    private static Message WithoutRound(Message message)
    {
        DeleverageRelease release = message.Body<DeleverageRelease>();
        release.Round = -1;
        message.Set(release);
        return message;
    }

    private static void AssertBroken(ScrambledHost host, string begins, int variant = 1)
    {
        Exception fault = Assert.ThrowsAny<Exception>(() =>
        {
            for (ulong seed = 5; seed < 12; seed++) ScrambledProperties.Run(host, variant, seed, () => { });
        });
        Assert.IsType<InvariantViolation>(fault.InnerException);
        Assert.StartsWith(begins, fault.InnerException.Message, StringComparison.Ordinal);
    }
}
