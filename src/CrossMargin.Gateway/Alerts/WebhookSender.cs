using System.Globalization;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Threading.Channels;
using CrossMargin.Gateway.Metrics;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace CrossMargin.Gateway.Alerts;

public sealed record WebhookOptions
{
    /// <summary>Whether webhooks may go to this machine and to private networks.</summary>
    public bool AllowPrivate { get; init; }

    /// <summary>
    /// Firings that wait to be posted, and as many that wait to be tried again; one more is dropped, which the log and the metrics tell.
    /// </summary>
    public int MostWaiting { get; init; } = 10_000;

    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Pauses before the second attempt and those after it.</summary>
    public IReadOnlyList<TimeSpan> Pauses { get; init; } = [.. new[] { 1, 5, 25, 120 }.Select(s => TimeSpan.FromSeconds(s))];
}

/// <summary>
/// Posts firings: JSON, signed with <c>X-CrossMargin-Signature: t=TIME,v1=HEX</c>, where HEX is HMAC-SHA256 by the alert's secret over
/// "TIME.BODY" and TIME the wall clock in Unix milliseconds. Any 2xx is success; else it is tried again a few times. Redirects are not
/// followed. Best effort: what still waits when the process stops is dropped, counted and logged; the stored alert says that it fired.
/// </summary>
public sealed partial class WebhookSender : BackgroundService
{
    public const string SignatureHeader = "X-CrossMargin-Signature";

    private const int Workers = 8;
    private const string TooMany = "too many wait";
    private const string Stops = "the server stops";

    private readonly WebhookOptions _options;
    private readonly GatewayMetrics _metrics;
    private readonly TimeProvider _time;
    private readonly ILogger<WebhookSender> _log;
    private readonly Channel<Post> _queue;
    private readonly HttpClient _client;
    private int _resting;

    public WebhookSender(WebhookOptions options, GatewayMetrics metrics, TimeProvider time, ILogger<WebhookSender> log)
    {
        (_options, _metrics, _time, _log) = (options, metrics, time, log);
        _queue = Channel.CreateBounded<Post>(options.MostWaiting);
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseProxy = false,
            UseCookies = false,
            MaxResponseHeadersLength = 16,
            MaxConnectionsPerServer = 4,
            PooledConnectionLifetime = TimeSpan.FromMinutes(1),
            ConnectCallback = (context, stop) => WebhookAddress.ConnectAsync(context.DnsEndPoint, options.AllowPrivate, stop),
        };
        _client = new HttpClient(handler) { Timeout = System.Threading.Timeout.InfiniteTimeSpan };
    }

    /// <summary>Queues a post; never waits.</summary>
    public void Send(string alert, Uri address, byte[] secret, byte[] body)
    {
        var post = new Post(alert, address, secret, body, 0);
        if (!_queue.Writer.TryWrite(post)) Drop(post, TooMany);
    }

    public override void Dispose()
    {
        _client.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.WhenAll(Enumerable.Range(0, Workers).Select(_ => WorkAsync(stoppingToken))).ConfigureAwait(false);
        while (_queue.Reader.TryRead(out Post? left)) Drop(left, Stops);
    }

    private async Task WorkAsync(CancellationToken stop)
    {
        try
        {
            await foreach (Post post in _queue.Reader.ReadAllAsync(stop).ConfigureAwait(false))
            {
                string? failure;
                try
                {
                    failure = await TryAsync(post, stop).ConfigureAwait(false);
                }
                catch (OperationCanceledException)
                {
                    Drop(post, Stops);
                    return;
                }

                if (failure is null)
                {
                    _metrics.Webhook("delivered");
                }
                else if (post.Attempt < _options.Pauses.Count)
                {
                    _ = AgainAsync(post, stop);
                }
                else
                {
                    _metrics.Webhook("failed");
                    Failed(_log, post.Alert, failure);
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The server stops.
        }
    }

    // A failing address does not keep a worker from the others while it waits.
    private async Task AgainAsync(Post post, CancellationToken stop)
    {
        try
        {
            if (Interlocked.Increment(ref _resting) > _options.MostWaiting)
            {
                Drop(post, TooMany);
                return;
            }

            await Task.Delay(_options.Pauses[post.Attempt], _time, stop).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            Drop(post, Stops);
            return;
        }
        finally
        {
            Interlocked.Decrement(ref _resting);
        }

        if (!_queue.Writer.TryWrite(post with { Attempt = post.Attempt + 1 })) Drop(post, TooMany);
    }

    private void Drop(Post post, string reason)
    {
        _metrics.Webhook("dropped");
        Dropped(_log, post.Alert, reason);
    }

    private async Task<string?> TryAsync(Post post, CancellationToken stop)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(stop);
        limit.CancelAfter(_options.Timeout);
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, post.Address) { Content = new ByteArrayContent(post.Body) };
            request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
            request.Headers.Add(SignatureHeader, Signature(post.Secret, post.Body, _time.GetUtcNow().ToUnixTimeMilliseconds()));
            using HttpResponseMessage response =
                await _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, limit.Token).ConfigureAwait(false);
            return response.IsSuccessStatusCode ? null : $"status {(int)response.StatusCode}";
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            return $"no answer within {_options.Timeout.TotalSeconds} s";
        }
        catch (HttpRequestException e)
        {
            return e.InnerException is ForbiddenAddressException forbidden ? forbidden.Message : $"no answer ({e.HttpRequestError})";
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            // An address is an account's own text: whatever is wrong with it (a host that no name can have) must not end a worker.
            return $"it cannot be posted ({e.GetType().Name})";
        }
    }

    internal static string Signature(byte[] secret, byte[] body, long time)
    {
        string stamp = time.ToString(CultureInfo.InvariantCulture);
        byte[] signed = [.. Encoding.ASCII.GetBytes(stamp + "."), .. body];
        return $"t={stamp},v1={Convert.ToHexStringLower(HMACSHA256.HashData(secret, signed))}";
    }

    private sealed record Post(string Alert, Uri Address, byte[] Secret, byte[] Body, int Attempt);

    // Neither the address nor the body nor texts that hold them: they may be confidential to their account.
    [LoggerMessage(3201, LogLevel.Warning, "webhook of alert {Alert} given up: {Reason}")]
    private static partial void Failed(ILogger logger, string alert, string reason);

    [LoggerMessage(3202, LogLevel.Warning, "webhook of alert {Alert} dropped: {Reason}")]
    private static partial void Dropped(ILogger logger, string alert, string reason);
}
