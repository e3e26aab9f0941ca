using System.Globalization;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using CrossMargin.Wire.Tests.Server;

namespace CrossMargin.Wire.Tests.Isolation;

/// <summary>The WebSocket API, one request at a time.</summary>
internal sealed class ApiSocket : IDisposable
{
    private readonly ClientWebSocket _socket = new();
    private readonly byte[] _buffer = new byte[1 << 20];

    public static async Task<ApiSocket> OpenAsync(Uri address)
    {
        var api = new ApiSocket();
        await api._socket.ConnectAsync(new Uri($"ws://{address.Authority}/ws-fapi/v1"), CancellationToken.None);
        return api;
    }

    public async Task<JsonElement> CallAsync(string method, string? key, BinanceClient signer, IEnumerable<(string Name, string Value)> parameters)
    {
        var values = new SortedDictionary<string, string>(StringComparer.Ordinal)
        {
            ["timestamp"] = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture),
            ["recvWindow"] = "60000",
        };
        if (key is not null) values["apiKey"] = key;
        foreach ((string name, string value) in parameters) values[name] = value;
        values["signature"] = signer.Sign(string.Join('&', values.Select(v => $"{v.Key}={v.Value}")));
        byte[] request = Encoding.UTF8.GetBytes(JsonSerializer.Serialize(new { id = method, method, @params = values }));
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        await _socket.SendAsync(request, WebSocketMessageType.Text, true, patience.Token);
        int filled = 0;
        while (true)
        {
            ValueWebSocketReceiveResult got = await _socket.ReceiveAsync(_buffer.AsMemory(filled), patience.Token);
            filled += got.Count;
            if (got.EndOfMessage) return JsonDocument.Parse(_buffer.AsMemory(0, filled).ToArray()).RootElement;
        }
    }

    public void Dispose() => _socket.Dispose();
}
