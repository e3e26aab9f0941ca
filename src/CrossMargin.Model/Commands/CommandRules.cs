namespace CrossMargin.Model;

/// <summary>Which messages may enter an exchange from outside, whoever hosts it.</summary>
public static class CommandRules
{
    /// <summary>Why a message is no command of this venue, as a sentence; or null.</summary>
    public static string? Objection(in Message message, VenueProfile profile)
    {
        bool isCommand = MessageLayout.IsCommand(message.Kind) && MessageLayout.IsKnown(message.Kind);
        if (!isCommand) return $"kind {(int)message.Kind} is no command";
        if (message.From != ActorId.Client) return $"{message.From} sends no commands";
        return message.To.Kind switch
        {
            ActorKind.Account when message.To.Number > 0 && (int)message.Kind < 50 => null,
            ActorKind.Fund when message.Kind == MessageKind.DepositToFund => null,
            ActorKind.Market when message.To == Command.EveryMarket && IsTime(message.Kind) => null,
            ActorKind.Market when profile.Contains(new MarketId(message.To.Number)) && IsForOneMarket(message.Kind) => MarketObjection(message, profile),
            _ => $"{message.Kind} cannot go to {message.To}",
        };
    }

    /// <summary>Prices from outside are bounded: up to the market's largest order price, money and sizes are known to fit their types.</summary>
    private static string? MarketObjection(in Message message, VenueProfile profile)
    {
        if (message.Kind == MessageKind.CancelAccountOrders)
        {
            AccountId owner = message.Body<CancelAccountOrders>().Account;
            return owner.IsTrader ? null : $"{owner} is no trader's";
        }

        if (message.Kind != MessageKind.SetIndexPrice) return null;
        ref readonly SetIndexPrice body = ref message.Body<SetIndexPrice>();
        MarketSpec spec = profile[new MarketId(message.To.Number)];
        if (body.DepthVolume.Lots < 0) return $"the volume {spec.Format(body.DepthVolume)} of {spec.Symbol} is negative";
        return body.Index.Units > 0 && body.Index <= spec.MaxPrice
            ? null
            : $"the index price {spec.Format(body.Index)} of {spec.Symbol} is not in (0, {spec.Format(spec.MaxPrice)}]";
    }

    private static bool IsTime(MessageKind kind) => kind is MessageKind.AdvanceTime or MessageKind.JumpTime;

    private static bool IsForOneMarket(MessageKind kind) => kind
        is MessageKind.SetIndexPrice or MessageKind.SetFundingRate or MessageKind.SettleFunding or MessageKind.SetMarketStatus
        or MessageKind.SetLeverageBrackets or MessageKind.SetHouse or MessageKind.CancelAccountOrders;
}
