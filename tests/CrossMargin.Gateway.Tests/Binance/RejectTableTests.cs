using CrossMargin.Gateway.Binance;
using CrossMargin.Model;

namespace CrossMargin.Gateway.Tests.Binance;

public class RejectTableTests
{
    [Fact]
    public void EveryReason_HasARow() =>
        Assert.All(Enum.GetValues<RejectReason>(), reason => Assert.True(RejectTable.Knows(reason), reason.ToString()));

    [Theory]
    [InlineData(RejectReason.MarginInsufficient, MessageKind.PlaceOrder, -2019, "Margin is insufficient.")]
    [InlineData(RejectReason.MarginInsufficient, MessageKind.SetLeverage, -2028, "Leverage is smaller than permitted: insufficient margin balance.")]
    [InlineData(RejectReason.NothingToChange, MessageKind.SetMarginMode, -4046, "No need to change margin type.")]
    [InlineData(RejectReason.NothingToChange, MessageKind.SetPositionMode, -4059, "No need to change position side.")]
    [InlineData(RejectReason.UnknownOrder, MessageKind.CancelOrder, -2011, "Unknown order sent.")]
    [InlineData(RejectReason.UnknownOrder, MessageKind.AmendOrder, -2013, "Order does not exist.")]
    [InlineData(RejectReason.WouldImmediatelyTrigger, MessageKind.PlaceOrder, -2021, "Order would immediately trigger.")]
    public void Of_ByCommand_GivesBinancesCode(RejectReason reason, MessageKind command, int code, string message)
    {
        BinanceError error = RejectTable.Of(Refusal.Because(reason), command, null);
        Assert.Equal((code, message, 400), (error.Code, error.Message, error.Status));
    }

    [Fact]
    public void Of_Filter_NamesTheLimit()
    {
        var market = new MarketFormat(VenueProfiles.Binance.Markets[0]);
        var refusal = new Refusal(RejectReason.NotionalTooSmall, market.Spec.MinNotional.E8, 1);
        Assert.Contains(market.Spec.MinNotional.ToString(), RejectTable.Of(refusal, MessageKind.PlaceOrder, market).Message);
    }
}
