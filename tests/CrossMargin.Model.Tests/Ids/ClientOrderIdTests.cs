using FsCheck;
using FsCheck.Fluent;

namespace CrossMargin.Model.Tests.Ids;

public sealed class ClientOrderIdTests
{
    private const string Allowed = ".ABCXYZ:/abcxyz0189_-";

    private static readonly Gen<string> s_text =
        from length in Gen.Choose(1, ClientOrderId.MaxLength)
        from characters in Gen.Elements(Allowed.ToCharArray()).ArrayOf(length)
        select new string(characters);

    [Fact]
    public void Prop_TryParse_AllowedText_ReadsBackTheSame() => Prop.ForAll(s_text.ToArbitrary(), text =>
        ClientOrderId.TryParse(text, out ClientOrderId id) && id.ToString() == text && !id.IsNone).QuickCheckThrowOnFailure();

    [Fact]
    public void Prop_Equality_IsByCharacters() => Prop.ForAll(s_text.ToArbitrary(), s_text.ToArbitrary(), (a, b) =>
    {
        ClientOrderId.TryParse(a, out ClientOrderId x);
        ClientOrderId.TryParse(b, out ClientOrderId y);
        ClientOrderId.TryParse(a, out ClientOrderId again);
        return (x == y) == (a == b) && (x != y) == (a != b) && x == again
            && x.GetHashCode() == again.GetHashCode() && x.Equals((object)again);
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Prop_TryParse_OneOtherCharacter_IsRefused() => Prop.ForAll(s_text.ToArbitrary(), ArbMap.Default.ArbFor<char>(), (text, c) =>
        char.IsAsciiLetterOrDigit(c) || ".:/_-".Contains(c)
        || !ClientOrderId.TryParse(string.Concat(text.AsSpan(0, text.Length / 2), c.ToString(), text.AsSpan(text.Length / 2)), out _))
        .QuickCheckThrowOnFailure();

    [Theory]
    [InlineData("")]
    [InlineData("a b")]
    [InlineData("naïve")]
    [InlineData("1234567890123456789012345678901234567")]
    public void TryParse_EmptyLongOrOddText_IsRefused(string text)
    {
        Assert.False(ClientOrderId.TryParse(text, out ClientOrderId id));
        Assert.True(text.Length == 0 || text.Length > 36 || !id.Equals(text));
    }

    [Fact]
    public void Equality_DifferenceInAnyOfThe36Places_IsSeen()
    {
        ClientOrderId.TryParse(new string('a', 36), out ClientOrderId plain);
        for (int i = 0; i < 36; i++)
        {
            char[] text = new string('a', 36).ToCharArray();
            text[i] = 'b';
            Assert.True(ClientOrderId.TryParse(text, out ClientOrderId other));
            Assert.NotEqual(plain, other);
        }
    }

    [Fact]
    public void Default_IsNone() => Assert.True(default(ClientOrderId).IsNone && default(ClientOrderId).ToString().Length == 0);
}
