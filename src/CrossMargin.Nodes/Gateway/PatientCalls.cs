using CrossMargin.Hosting;

namespace CrossMargin.Nodes.Gateway;

/// <summary>Calls into the cluster that are tried again while a node dies or an actor moves; bounded in time. Thread-safe.</summary>
internal sealed class PatientCalls(ClusterGatewayOptions options, TimeProvider time)
{
    // An actor that is faulted says so at once and will say so again; one that is only moving will not.
    private const int MostUnavailable = 3;

    private static readonly TimeSpan s_longestPause = TimeSpan.FromSeconds(1);

    /// <summary>
    /// Throws <see cref="ExchangeUnavailableException"/> when there was no answer in time; what the caller did wrong
    /// (<see cref="ArgumentException"/>) is thrown at once.
    /// </summary>
    public async Task<T> CallAsync<T>(Func<Task<T>> call)
    {
        long began = time.GetTimestamp();
        TimeSpan pause = options.FirstPause;
        int unavailable = 0;
        while (true)
        {
            string problem;
            try
            {
                return await call().WaitAsync(options.CallTimeout, time).ConfigureAwait(false);
            }
            catch (ExchangeUnavailableException) when (++unavailable > MostUnavailable)
            {
                throw;
            }
            catch (Exception e) when (e is not ArgumentException and not NotSupportedException)
            {
                problem = e is TimeoutException ? "it does not answer" : e.Message;
            }

            if (time.GetElapsedTime(began) + pause > options.Patience)
            {
                throw new ExchangeUnavailableException($"the cluster was asked for {options.Patience.TotalSeconds:0} s: {problem}");
            }

            await Task.Delay(pause, time).ConfigureAwait(false);
            pause = pause * 2 < s_longestPause ? pause * 2 : s_longestPause;
        }
    }
}
