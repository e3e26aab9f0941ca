using CrossMargin.Gateway.Alerts;
using CrossMargin.Gateway.Binance.Streams;

namespace CrossMargin.AspNetCore;

/// <summary>Alerts on the accounts' user data streams.</summary>
internal sealed class UserStreamAlerts(IUserStreamSource streams) : IAlertSink
{
    public void Send(long number, ReadOnlyMemory<byte> payload) => streams.Publish(number, payload);
}
