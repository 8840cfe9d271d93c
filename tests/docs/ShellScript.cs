using System.Text;
using KeypointPipeline.TestSupport.Documents;

namespace KeypointPipeline.Docs.Tests;

/// <summary>Splits the shell lines of a page into commands and words, as far as our pages use the shell: quotes, comments, continued
/// lines, chains, <c>$(…)</c> and variables before a command.</summary>
internal sealed class ShellScript
{
    private readonly PagePart _part;
    private readonly string _text;
    private readonly List<ShellCommand> _commands = [];
    private readonly List<string> _words = [];
    private readonly StringBuilder _word = new();
    private readonly string _page;
    private int _next;
    private int _line;
    private bool _hasWord;

    private ShellScript(PagePart part, string text, int line)
    {
        _part = part;
        _text = text;
        _line = line;
        _page = part.Place[..part.Place.LastIndexOf(':')];
    }

    /// <summary>The commands of a block or code span, those inside <c>$(…)</c> included.</summary>
    public static IReadOnlyList<ShellCommand> Commands(PagePart part) => new ShellScript(part, part.Text, part.Line).Split();

    private List<ShellCommand> Split()
    {
        while (_next < _text.Length)
            Take(_text[_next++]);
        EndCommand();
        return _commands;
    }

    private void Take(char c)
    {
        switch (c)
        {
            case '\\' when _next < _text.Length:
                if (_text[_next] == '\n')
                    _line++;
                else
                    Add(_text[_next]);
                _next++;
                break;
            case '\'':
                Add(Until('\''));
                break;
            case '"':
                AddDoubleQuoted();
                break;
            case '$' when Peek() == '(':
                AddSubstitution();
                break;
            case '#' when !_hasWord:
                _next = _text.IndexOf('\n', _next) is >= 0 and int end ? end : _text.Length;
                break;
            case '\n' or ';' or '|' or '&':
                EndCommand();
                if (c == '\n')
                    _line++;
                break;
            case ' ' or '\t':
                EndWord();
                break;
            default:
                Add(c);
                break;
        }
    }

    private char? Peek() => _next < _text.Length ? _text[_next] : null;

    private string Until(char end)
    {
        int found = _text.IndexOf(end, _next);
        if (found < 0)
            throw new FormatException($"{_part.Place}: a quote is not closed in: {_text}");
        string text = _text[_next..found];
        _next = found + 1;
        return text;
    }

    private void AddDoubleQuoted()
    {
        _hasWord = true;
        while (Peek() is char c && c != '"')
        {
            _next++;
            if (c == '$' && Peek() == '(')
                AddSubstitution();
            else
                Add(c);
        }

        _next++;
    }

    /// <summary>Its own commands are collected; its place in the word is kept as <c>$()</c>.</summary>
    private void AddSubstitution()
    {
        int start = _next + 1;
        for (int depth = 0; _next < _text.Length; _next++)
        {
            depth += _text[_next] switch { '(' => 1, ')' => -1, _ => 0 };
            if (depth == 0)
                break;
        }

        _commands.AddRange(new ShellScript(_part, _text[start.._next], _line).Split());
        _next++;
        Add("$()");
    }

    private void Add(char c)
    {
        _word.Append(c);
        _hasWord = true;
    }

    private void Add(string text)
    {
        _word.Append(text);
        _hasWord = true;
    }

    private void EndWord()
    {
        if (_hasWord)
            _words.Add(_word.ToString());
        _word.Clear();
        _hasWord = false;
    }

    private void EndCommand()
    {
        EndWord();
        string[] command = [.. _words.SkipWhile(IsAssignment)];
        if (command.Length > 0)
            _commands.Add(new ShellCommand($"{_page}:{_line}", command[0], command[1..]));
        _words.Clear();
    }

    private static bool IsAssignment(string word) =>
        word.IndexOf('=') is > 0 and int equals && word[..equals].All(c => char.IsAsciiLetterUpper(c) || c == '_');
}

/// <summary>A command of a page.</summary>
/// <param name="Place">The page and the line, for findings.</param>
/// <param name="Program">Its first word.</param>
/// <param name="Arguments">The other words, without quotes.</param>
internal sealed record ShellCommand(string Place, string Program, string[] Arguments)
{
    /// <inheritdoc/>
    public override string ToString() => string.Join(' ', [Program, .. Arguments]);
}
