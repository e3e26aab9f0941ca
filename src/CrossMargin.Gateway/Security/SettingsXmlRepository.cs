using System.Xml.Linq;
using CrossMargin.Hosting;
using Microsoft.AspNetCore.DataProtection.Repositories;

namespace CrossMargin.Gateway.Security;

/// <summary>
/// The key ring of <see cref="SecretProtection"/> in the settings that all gateways share, so that each reads the secrets of the others. Of
/// several that make the first key at once, one does; the others use it. The ring is as secret as the store. Thread-safe.
/// </summary>
public sealed class SettingsXmlRepository(ISettingsStore store) : IXmlRepository
{
    private const string Prefix = "secrets/ring/";
    private const string First = Prefix + "first";

    public IReadOnlyCollection<XElement> GetAllElements()
    {
        (store as ISharedSettings)?.Refresh();
        return [.. store.List(Prefix).Select(pair => XElement.Parse(pair.Value))];
    }

    public void StoreElement(XElement element, string friendlyName)
    {
        string text = element.ToString(SaveOptions.DisableFormatting);
        if (store is ISharedSettings shared && GetAllElements().Count == 0)
        {
            shared.TryChange(First, null, text);
            return;
        }

        store.Set(Prefix + friendlyName, text);
    }
}
