using System.Reflection;
using System.Text;
using CrossMargin.Model;

namespace CrossMargin.TestKit.Exchange;

/// <summary>Commands, messages and events in words, for the message of a failed test.</summary>
public static class Describe
{
    public static string Text(in Command command) => $"{command.Time} {Text(command.Message)}";

    public static string Text(in Message message) =>
        $"{message.From} -> {message.To} {message.Kind} {{ {Body(message, message.Kind.ToString(), typeof(Message))} }}";

    public static string Text(in Event e) =>
        $"{e.Account} {e.Market} {e.Kind} {{ {Body(e, e.Kind.ToString(), typeof(Event))} }}";

    private static string Body(object box, string kind, Type envelope)
    {
        Type? type = typeof(Message).Assembly.GetType($"CrossMargin.Model.{kind}");
        if (type is null) return "?";
        MethodInfo reader = typeof(Describe).GetMethod(envelope == typeof(Message) ? nameof(MessageBody) : nameof(EventBody),
            BindingFlags.NonPublic | BindingFlags.Static)!.MakeGenericMethod(type);
        object body = reader.Invoke(null, [box])!;
        var text = new StringBuilder();
        foreach (FieldInfo field in type.GetFields(BindingFlags.Public | BindingFlags.Instance))
        {
            string value = field.GetValue(body)?.ToString() ?? "";
            if (value is "0" or "0u" or "0l" or "None" or "false" or "" or "market 0" or "order 0" or "algo 0") continue;
            text.Append(text.Length > 0 ? ", " : "").Append(field.Name).Append(' ').Append(value);
        }

        return text.ToString();
    }

    private static object MessageBody<T>(object box)
        where T : unmanaged, IPayload<T, MessageKind> =>
        ((Message)box).Body<T>();

    private static object EventBody<T>(object box)
        where T : unmanaged, IPayload<T, EventKind> =>
        ((Event)box).Body<T>();
}
