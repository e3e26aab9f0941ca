namespace CrossMargin.Gateway.Binance;

/// <summary>A refusal as Binance words it: code, message, HTTP status.</summary>
/// <param name="RetryAfterSeconds">For 429 and 418: when a new try may pass; else 0.</param>
public sealed record BinanceError(int Code, string Message, int Status = 400, long RetryAfterSeconds = 0)
{
    public static readonly BinanceError Internal = new(-1000, "An unknown error occurred while processing the request.", 500);
    public static readonly BinanceError UnknownSymbol = new(-1121, "Invalid symbol.");
    public static readonly BinanceError KeyFormat = new(-2014, "API-key format invalid.", 401);
    public static readonly BinanceError KeyRejected = new(-2015, "Invalid API-key, IP, or permissions for action.", 401);
    public static readonly BinanceError BadSignature = new(-1022, "Signature for this request is not valid.");
    public static readonly BinanceError OutsideWindow = new(-1021, "Timestamp for this request is outside of the recvWindow.");
    public static readonly BinanceError AheadOfServer = new(-1021, "Timestamp for this request was 1000ms ahead of the server's time.");
    public static readonly BinanceError WindowTooLarge = new(-1131, "recvWindow must be less than 60000.");
    public static readonly BinanceError Duplicate = new(-1101, "Duplicate values for a parameter detected.");
    public static readonly BinanceError TooManyParameters = new(-1101, "Too many parameters sent for this endpoint.");
    public static readonly BinanceError BadEncoding = new(-1100, "Illegal characters found in a parameter: the encoding is not valid UTF-8 in percent form.");
    public static readonly BinanceError Precision = new(-1111, "Precision is over the maximum defined for this asset.");
    public static readonly BinanceError UnknownOrder = new(-2011, "Unknown order sent.");
    public static readonly BinanceError NoSuchOrder = new(-2013, "Order does not exist.");
    public static readonly BinanceError Combination = new(-1128, "Combination of optional parameters invalid.");
    public static readonly BinanceError StartBehindEnd = new(-1023, "Start time is greater than end time.");
    public static readonly BinanceError NoListenKey = new(-1125, "This listenKey does not exist.");

    /// <summary>The exchange takes nothing: whether it did anything is not known.</summary>
    public static readonly BinanceError Unavailable =
        new(-1006, "An unexpected response was received from the message bus. Execution status unknown.", 503);

    public static BinanceError Missing(string name) => new(-1102, $"Mandatory parameter '{name}' was not sent, was empty/null, or malformed.");

    public static BinanceError MissingEither(string a, string b) =>
        new(-1102, $"Param '{a}' or '{b}' must be sent, but both were empty/null!");

    public static BinanceError Illegal(string name, string legal) =>
        new(-1100, $"Illegal characters found in parameter '{name}'; legal range is '{legal}'.");

    public static BinanceError Surplus(string name) => new(-1106, $"Parameter '{name}' sent when not required.");

    public static BinanceError Invalid(string name) => new(-1130, $"Data sent for parameter '{name}' is not valid.");

    public static BinanceError InvalidBecause(string name, string why) => new(-1130, $"Data sent for parameter '{name}' is not valid: {why}");

    public static BinanceError Unsupported(string what) => new(-1130, $"{what} is not supported by this exchange.");

    public static BinanceError UnknownPath(string path, string method) => new(-5000, $"Path {path}, Method {method} is invalid", 404);
}
