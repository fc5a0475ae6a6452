// The styles of the Vant components in use, each once. Their icon font is left out: icons are drawn.
import "vant/es/style/base.css";
import "vant/es/button/index.css";
import "vant/es/cell/index.css";
import "vant/es/dialog/index.css";
import "vant/es/field/index.css";
import "vant/es/loading/index.css";
import "vant/es/overlay/index.css";
import "vant/es/popup/index.css";
import "vant/es/switch/index.css";
import "vant/es/toast/index.css";
